"""What is kept of answers is what would be worked out, in every process, and nobody gets another's."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from falcon.testing import Result, TestClient

from schediora.ai import leases
from schediora.ai.author import build_author
from schediora.ai.errors import JobFailure
from schediora.ai.jobs import Runner
from schediora.ai.purging import KEPT
from schediora.app import create_app
from schediora.auth.passwords import Hasher
from schediora.db.database import Database, connected
from schediora.http.kept_answers import Answer, KeptAnswers
from schediora.models.ai import Job, JobStage
from schediora.models.planner import Session
from schediora.purger import Purger
from schediora.queue import Queue
from schediora.settings.values import Settings
from tests.client import PASSWORD, Api, FrozenClock, Student
from tests.conftest import KEYS
from tests.planner.book import append, change, make_plan, ok

READS = (
    "/users/me",
    "/plans",
    "/plans?limit=1",
    "/sessions",
    "/sessions?week=current",
    "/sessions?week=all&limit=2",
    "/sessions?state=overdue",
    "/sessions?from=2026-03-02&to=2026-03-08",
    "/dashboard/summary",
    "/dashboard/summary?range=30d",
    "/ai/plans/status/weekly",
    "/ai/plans/status/weekly?week=next",
)
"""Every kept call, in the forms whose answers differ."""
POLLED = ("/dashboard/summary", "/sessions?week=current", "/ai/plans/status/weekly")
WISH = {"goal": "Pass the exam", "topic": "Biology"}
CALENDAR = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\nEND:VCALENDAR\r\n"

Serve = Callable[..., Api]


@pytest.fixture
def serve(
    settings: Settings, database: Database, queue: Queue, clock: FrozenClock, hasher: Hasher
) -> Callable[..., Api]:
    """Starts further servers over the same database, with settings of the section `server` or `planner`."""

    def _serve(**sections: dict[str, Any]) -> Api:
        changed = {name: getattr(settings, name).model_copy(update=update) for name, update in sections.items()}
        chosen = settings.model_copy(update=changed)
        app = create_app(chosen, database=database, queue=queue, clock=clock, keys=KEYS, hasher=hasher)
        return Api(TestClient(app))

    return _serve


@pytest.fixture
def runner(database: Database, clock: FrozenClock) -> Runner:
    author = build_author(provider="rules", base_url=None, api_key="", model="")
    return Runner(database, author, default_timezone="UTC", clock=clock)


def _said(answer: Result) -> tuple[int, str, str | None, str | None]:
    return answer.status_code, answer.text, answer.headers.get("Link"), answer.headers.get("ETag")


class Beside:
    """A student's reads beside those of a server that keeps nothing."""

    def __init__(self, student: Student, serve: Serve) -> None:
        self.student = student
        self._computing = serve(server={"cache_mebibytes": 0})
        self.agree("at first")

    def agree(self, when: str) -> None:
        """Assert that all is shown as it would be worked out now, with the same tags; ask twice, to have it kept."""
        wrong = []
        for path in READS:
            computed = _said(self._computing.get(path, token=self.student.token))
            kept = [_said(self.student.get(path)) for _ in range(2)]
            if kept != [computed, computed]:
                wrong.append(f"{path}: {kept} instead of {computed}")
        assert not wrong, f"{when}:\n" + "\n".join(wrong)


@pytest.fixture
def beside(student: Student, serve: Serve) -> Beside:
    return Beside(student, serve)


def tag_of(answer: Result) -> str:
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["Vary"] == "Authorization, Origin"
    tag = str(answer.headers["ETag"])
    assert tag.startswith('"')
    assert tag.endswith('"')
    return tag


def test_who_has_an_answer_already_is_told_that_nothing_changed(student: Student) -> None:
    make_plan(student)
    wrong = []
    for path in READS:
        tag = tag_of(student.get(path))
        for sent in (tag, f"W/{tag}", f'"x", {tag}', f'W/"x",W/{tag} , "y"', "*", " * "):
            for method in ("GET", "HEAD"):
                answer = student.api.call(method, path, token=student.token, headers={"If-None-Match": sent})
                same = (answer.headers["ETag"], answer.headers["Cache-Control"], answer.headers["Vary"]) == (
                    tag,
                    "private, no-cache",
                    "Authorization, Origin",
                )
                if answer.status_code != 304 or answer.content or not same:
                    wrong.append((path, sent, answer.status_code))
        for sent in ('"x"', f"x{tag[1:-1]}", tag[1:-1], "", f'"{tag[1:-2]}"', "W/*", '"*"'):
            answer = student.get(path, headers={"If-None-Match": sent})
            if answer.status_code != 200 or not answer.content or answer.headers["ETag"] != tag:
                wrong.append((path, sent, answer.status_code))
    assert wrong == []


def test_the_first_answer_of_a_server_can_be_nothing_changed_too(student: Student, serve: Serve) -> None:
    tags = {path: tag_of(student.get(path)) for path in READS}
    for mebibytes in (32, 0):
        another = serve(server={"cache_mebibytes": mebibytes})
        for path, tag in tags.items():
            answer = another.get(path, token=student.token, headers={"If-None-Match": tag})
            assert (answer.status_code, answer.text) == (304, ""), path


def test_another_students_tag_is_never_ones_own(student: Student, register: Callable[..., Student]) -> None:
    other = register()
    for path in READS:
        tag = tag_of(student.get(path))
        answer = other.get(path, headers={"If-None-Match": tag})
        assert tag_of(answer) != tag
    assert other.get("/users/me").json["email"] == other.email


def test_what_is_wrong_stays_wrong_whatever_tag_is_sent(student: Student, api: Api) -> None:
    tag = tag_of(student.get("/sessions"))
    for sent in (tag, "*"):
        for path, status in (("/sessions?week=x", 422), ("/sessions?week=all&week=all", 422), ("/plans?cursor=x", 422)):
            for _ in range(2):
                answer = student.get(path, headers={"If-None-Match": sent})
                assert (answer.status_code, answer.headers["Cache-Control"]) == (status, "no-store")
                assert "ETag" not in answer.headers
        assert api.get("/sessions", headers={"If-None-Match": sent}).status_code == 401
    student.get("/sessions")
    api.post("/auth/logout", {"refresh_token": student.refresh_token})
    assert student.get("/sessions", headers={"If-None-Match": tag}).status_code == 401


def test_a_new_release_and_another_default_zone_answer_anew(
    student: Student, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    tags = {path: tag_of(student.get(path)) for path in READS}
    elsewhere = serve(planner={"default_timezone": "Asia/Tokyo"})
    monkeypatch.setattr("schediora.app.version", lambda _name: "99.0")
    newer = serve()
    for path, tag in tags.items():
        for server in (elsewhere, newer):
            assert server.get(path, token=student.token, headers={"If-None-Match": tag}).status_code == 200, path


def test_a_database_that_was_put_back_and_counts_to_the_same_state_answers_anew(
    student: Student, database: Database, serve: Serve
) -> None:
    make_plan(student, title="Lost with the disk")
    tag = tag_of(student.get("/sessions"))
    with connected(database):
        Session.update(title="Written after the backup was restored").execute()
    restored = serve()
    answer = restored.get("/sessions", token=student.token, headers={"If-None-Match": tag})
    assert answer.status_code == 200
    assert answer.json[0]["title"] == "Written after the backup was restored"


def test_an_unchanged_poll_asks_the_database_once(
    student: Student, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_plan(student)
    for path in (*POLLED, "/users/me", "/plans"):
        student.get(path)
    asked: list[str] = []
    execute = database.execute_sql

    def note(sql: str, params: Any = None, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, params, *rest)

    monkeypatch.setattr(database, "execute_sql", note)
    for path in (*POLLED, "/users/me", "/plans"):
        asked.clear()
        assert student.get(path).status_code == 200
        assert len(asked) == 1, path
        tag = student.get(path).headers["ETag"]
        asked.clear()
        assert student.get(path, headers={"If-None-Match": tag}).status_code == 304
        assert len(asked) == 1, path


def test_a_write_through_one_server_is_seen_through_all_others_at_once(student: Student, serve: Serve) -> None:
    servers = [student.api, serve(), serve()]

    def titles() -> list[list[str]]:
        return [
            [session["title"] for session in server.get("/sessions", token=student.token).json]
            for server in servers
            for _ in range(2)
        ]

    make_plan(student, title="One")
    assert titles() == [["One"]] * 6
    (session,) = student.get("/sessions").json
    servers[2].patch(f"/sessions/{session['id']}", {"title": "Two"}, token=student.token)
    assert titles() == [["Two"]] * 6


class Doing:
    """What each writing call needs, and a call of it that succeeds."""

    def __init__(self, student: Student, runner: Runner) -> None:
        self.student = student
        self.runner = runner

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
        }

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
    steps = Doing(student, runner).steps()
    assert sorted(steps) == sorted(writing), "say here how a new writing call is tried"
    for name, step in steps.items():
        clock.advance(seconds=30)
        step()
        beside.agree(name)


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
    runner.run(asked())
    beside.agree("completed")
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


@pytest.mark.parametrize(
    ("timezone", "day_starts_at", "midnight"),
    [
        ("UTC", "00:00", "2026-03-05T00:00:00Z"),
        ("Asia/Kathmandu", "00:00", "2026-03-04T18:15:00Z"),
        ("America/Los_Angeles", "04:00", "2026-03-05T12:00:00Z"),
        ("UTC", "00:00", "2026-03-09T00:00:00Z"),
    ],
)
def test_over_the_students_midnight_all_is_shown_as_it_is(
    student: Student, serve: Serve, clock: FrozenClock, timezone: str, day_starts_at: str, midnight: str
) -> None:
    counted = {"timezone": timezone, "day_starts_at": day_starts_at}
    ok(student.put("/users/preferences", {"goal": "x", "daily_hours": 1, "focus_topics": ["Math"], **counted}))
    make_plan(student, due_on="2026-03-04", scheduled_at="2026-03-04T10:00:00Z")
    change(student, append(student, title="Done", scheduled_at="2026-03-04T11:00:00Z"), status="done")
    at = datetime.fromisoformat(midnight).astimezone(UTC)
    clock.set(at - timedelta(seconds=1))
    beside = Beside(student, serve)
    before = student.get("/dashboard/summary").json["today"]
    tag = student.get("/sessions").headers["ETag"]
    clock.set(at)
    assert student.get("/dashboard/summary").json["today"] > before
    assert student.get("/sessions", headers={"If-None-Match": tag}).status_code == 200
    beside.agree("after midnight")


def test_within_a_day_time_alone_changes_nothing(student: Student, beside: Beside, clock: FrozenClock) -> None:
    make_plan(student, due_on="2026-03-04", scheduled_at="2026-03-04T10:00:00Z")
    change(student, append(student, title="Begun", scheduled_at="2026-03-04T11:00:00Z"), status="in_progress")
    student.post("/ai/plans/generate", {**WISH, "week": "next"})
    for _ in range(15):
        beside.agree(str(clock.now))
        clock.advance(minutes=59)


def test_the_least_asked_for_goes_first_and_no_more_bytes_are_held_than_said() -> None:
    kept = KeptAnswers(most_bytes=10_000)
    answers = {bytes([number]): Answer(bytes(400), f'"{number}"', None) for number in range(30)}
    for name, answer in answers.items():
        kept.put(name, answer)
        kept.get(b"\x00")
        assert kept.bytes <= 10_000
    held = [name[0] for name in answers if kept.get(name)]
    assert held == [0, *range(21, 30)]
    kept.put(b"\x00", Answer(bytes(2_000), '"large"', None))
    assert kept.get(b"\x00") == answers[b"\x00"]
    kept.put(b"\x1d", Answer(b"", '"anew"', None))
    assert kept.bytes == 10 * 1000 - 400
    none = KeptAnswers(most_bytes=0)
    none.put(b"x", answers[b"\x00"])
    assert none.get(b"x") is None
