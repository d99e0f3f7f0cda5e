"""Whatever is written, by a student, a worker, or an older version, all is shown as it is."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from schediora.ai import leases
from schediora.ai.errors import JobFailure
from schediora.ai.jobs import Runner
from schediora.ai.purging import KEPT
from schediora.db.database import Database, connected
from schediora.mail import links
from schediora.models.ai import Job, JobStage
from schediora.models.mail import LinkPurpose
from schediora.purger import Purger
from tests.client import PASSWORD, FrozenClock, Student, register_student
from tests.kept.beside import CALENDAR, WISH, Beside
from tests.planner.book import append, make_plan, ok
from tests.planner.other_device import OtherDevice, all_sessions


class Doing:
    """What each writing call needs, and a call of it that succeeds."""

    def __init__(self, student: Student, runner: Runner, clock: FrozenClock) -> None:
        self.student = student
        self.runner = runner
        self.clock = clock
        self.email = student.email
        self.password = PASSWORD

    def call(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.student.api.call(method, path, body, token=self.student.token)
        assert answer.status_code < 300, (method, path, answer.text)
        return answer.json if answer.text else None

    def a_session(self) -> str:
        return str(make_plan(self.student, scheduled_at="2026-03-04T10:00:00Z")["id"]) and str(
            self.student.get("/sessions?week=current").json[-1]["id"]
        )

    def steps(self) -> dict[str, Callable[[], object]]:
        """Return by operation what tries it."""
        who, call = self.student, self.call
        account = {"email": who.email, "password": PASSWORD}
        plan = {"title": "A plan", "topic": "Math", "duration_minutes": 45}
        return {
            "register": lambda: call("POST", "/auth/register", {**account, "email": "new@example.com"}),
            "login": lambda: call("POST", "/auth/login", account),
            "refresh": lambda: call("POST", "/auth/refresh", {"refresh_token": who.refresh_token}),
            "logout": lambda: call("POST", "/auth/logout", {"refresh_token": "none"}),
            "setPreferences": lambda: call(
                "PUT",
                "/users/preferences",
                {
                    "goal": "Pass",
                    "daily_hours": 2,
                    "focus_topics": ["Biology"],
                    "timezone": "Asia/Jakarta",
                    "exams": [{"topic": "Biology", "date": "2026-03-20"}],
                },
            ),
            "createPlan": lambda: call("POST", "/plans", plan),
            "deletePlan": lambda: call("DELETE", f"/plans/{call('POST', '/plans', plan)['id']}"),
            "appendSession": lambda: call("POST", "/plans/current/sessions", {**plan, "title": "More"}),
            "updateSession": lambda: call("PATCH", f"/sessions/{self.a_session()}", {"status": "done"}),
            "deleteSession": lambda: call("DELETE", f"/sessions/{self.a_session()}"),
            "replan": self._replan,
            "undoReplan": lambda: call("POST", "/plans/current/replan/undo"),
            "setSyllabus": lambda: call("PUT", "/syllabus", {"topic": "Biology", "units": [{"title": "Only this"}]}),
            "createCalendarLink": lambda: call("POST", "/users/me/calendar"),
            "deleteCalendarLink": lambda: call("DELETE", "/users/me/calendar"),
            "setBusyTimes": self._busy,
            "deleteBusyTimes": lambda: call("DELETE", "/users/me/busy"),
            "generatePlan": self._generate,
            "signOutDevice": self._sign_out_a_device,
            "signOutElsewhere": lambda: call("DELETE", "/auth/sessions"),
            "changePassword": self._change_password,
            "changeEmail": self._change_email,
            "forgotPassword": lambda: call("POST", "/auth/password/forgot", {"email": self.email}),
            "confirmEmail": lambda: call("POST", "/auth/email/confirm", {"token": self._link(LinkPurpose.CONFIRM)}),
            "resetPassword": self._reset_password,
            "deleteAccount": self._delete_another_account,
        }

    def _sign_out_a_device(self) -> None:
        other = next(device["id"] for device in self.call("GET", "/auth/sessions") if not device["current"])
        self.call("DELETE", f"/auth/sessions/{other}")

    def _change_password(self) -> None:
        wish = {"old_password": self.password, "new_password": f"{self.password} anew"}
        self.student.token = self.call("PUT", "/users/password", wish)["access_token"]
        self.password = wish["new_password"]

    def _change_email(self) -> None:
        self.email = f"new.{self.email}"
        self.call("PUT", "/users/email", {"password": self.password, "email": self.email})

    def _reset_password(self) -> None:
        self.password += " again"
        wish = {"token": self._link(LinkPurpose.RESET), "new_password": self.password}
        self.student.token = self.call("POST", "/auth/password/reset", wish)["access_token"]

    def _link(self, purpose: LinkPurpose) -> str:
        return links.make(UUID(self.student.id), purpose, self.email, now=self.clock.now)

    def _delete_another_account(self) -> None:
        gone = register_student(self.student.api)
        assert gone.post("/users/me/delete", {"password": PASSWORD}).status_code == 204

    def _replan(self) -> None:
        missed = append(self.student, title="Missed", scheduled_at="2026-03-02T10:00:00Z")
        assert missed
        preview = self.call("POST", "/plans/current/replan")
        assert preview["moved"]
        self.call("POST", "/plans/current/replan", {"apply": True, "revision": preview["revision"]})

    def _busy(self) -> None:
        headers = {"Content-Type": "text/calendar"}
        ok(self.student.put("/users/me/busy", body=CALENDAR, headers=headers))

    def _generate(self) -> None:
        for plan in self.student.get("/plans").json:
            self.call("DELETE", f"/plans/{plan['id']}")
        job = self.call("POST", "/ai/plans/generate", WISH)
        assert job["status"] == "queued"


def test_after_every_writing_call_all_is_shown_as_it_is(
    student: Student, beside: Beside, runner: Runner, clock: FrozenClock
) -> None:
    document = student.api.get("/openapi.json").json
    writing = [
        described["operationId"]
        for item in document["paths"].values()
        for method, described in item.items()
        if method in ("post", "put", "patch", "delete")
    ]
    steps, device = Doing(student, runner, clock).steps(), OtherDevice(student)
    assert sorted(steps) == sorted(writing), "say here how a new writing call is tried"
    for name, step in steps.items():
        clock.advance(seconds=30)
        step()
        beside.agree(name)
        device.sync()
        assert device.lasting == all_sessions(student), name


def test_whatever_becomes_of_a_job_all_is_shown_as_it_is(
    student: Student, beside: Beside, runner: Runner, database: Database, clock: FrozenClock
) -> None:
    def asked() -> UUID:
        return UUID(student.post("/ai/plans/generate", WISH).json["job_id"])

    job_id = asked()
    beside.agree("queued")
    assert not student.get("/ai/plans/status/weekly").json["can_generate"]
    with connected(database):
        lease = leases.claim(job_id, now=clock.now)
        assert lease is not None
        beside.agree("running")
        leases.enter(lease, JobStage.WRITING)
        beside.agree("its stage")
        leases.renew([lease.token], now=clock.now)
        leases.hand_back(lease, now=clock.now)
        beside.agree("handed back")
        lease = leases.claim(job_id, now=clock.now)
        assert lease is not None
        leases.let_go(lease, now=clock.now)
        beside.agree("let go of")
        lease = leases.claim(job_id, now=clock.now)
        assert lease is not None
        assert leases.fail(lease, JobFailure.NO_TIME_AVAILABLE, "No time.", now=clock.now)
    beside.agree("failed")
    assert student.get("/ai/plans/status/weekly").json["can_generate"]
    device = OtherDevice(student)
    device.sync()
    runner.run(asked())
    beside.agree("completed")
    device.sync()
    assert device.sessions
    assert device.lasting == all_sessions(student)
    assert student.get("/ai/plans/status/weekly").json["has_generated_this_week"]
    clock.advance(KEPT + timedelta(days=14))
    refreshed = student.api.post("/auth/login", {"email": student.email, "password": PASSWORD})
    student.token = refreshed.json["access_token"]
    beside.agree("long ago")
    while Purger(database, clock).step():
        pass
    beside.agree("purged")


def test_a_job_that_an_older_version_queues_and_fails_is_seen(
    student: Student, beside: Beside, database: Database, clock: FrozenClock
) -> None:
    """It serves beside this version during an upgrade, and counts no transition of a job."""
    with connected(database):
        row = {"user": student.id, **WISH, "week_start": "2026-03-02", "created_at": clock.now, "updated_at": clock.now}
        job = Job.create(**row)
    assert student.get("/ai/plans/status/weekly").json["active_job_id"] == str(job.id)
    beside.agree("queued elsewhere")
    with connected(database):
        Job.update(status="failed", error_code="internal_error", updated_at=clock.now).execute()
    assert student.get("/ai/plans/status/weekly").json["can_generate"]
    beside.agree("failed elsewhere")
