"""The same student on another server: what is the same afterwards, what is not, and what is refused."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from schediora.auth.errors import EmailTaken
from schediora.db.database import Database, connected
from schediora.models.ai import Job
from schediora.models.registry import MODELS
from schediora.models.users import User
from schediora.portability.checking import check
from schediora.portability.errors import ImportRefused
from schediora.portability.importing import import_student
from schediora.portability.reading import read_export
from tests.client import PASSWORD, Api, FrozenClock, Student
from tests.portability.lives import live, runner

NOT_TAKEN_ALONG = {"exported_at", "release", "calendar_feed_since", "devices"}


@pytest.fixture
def exported(student: Student, database: Database, clock: FrozenClock) -> dict[str, Any]:
    live(student, database, clock)
    return dict(student.get("/users/me/export").json)


@dataclass
class Importer:
    """Somebody who imports documents, and signs in as who was made."""

    api: Api
    database: Database
    clock: FrozenClock
    password_hash: str

    def __call__(self, document: Any, email: str | None = None, *, over_quota: bool = False) -> Student:
        raw = document if isinstance(document, bytes) else json.dumps(document).encode()
        with connected(self.database):
            export = read_export(raw)
            check(export, over_quota=over_quota)
            made = import_student(export, email or export.account.email, self.password_hash, now=self.clock())
            address, key = made.user.email, str(made.user.id)
        pair = self.api.post("/auth/login", {"email": address, "password": PASSWORD}).json
        return Student(self.api, address, pair["access_token"], pair["refresh_token"], key)

    def refused(self, document: Any, email: str | None = None) -> str:
        """Return the sentence with which a document is refused, which has changed nothing."""
        before = counted(self.database)
        with pytest.raises((ImportRefused, EmailTaken)) as refusal:
            self(document, email)
        assert counted(self.database) == before
        assert len(refusal.value.detail) <= 200
        return refusal.value.detail


def counted(database: Database) -> list[int]:
    with connected(database):
        return [model.select().count() for model in MODELS]


@pytest.fixture
def importer(api: Api, database: Database, clock: FrozenClock, hasher: Any) -> Importer:
    return Importer(api, database, clock, hasher.hash(PASSWORD))


def shown(student: Student) -> dict[str, Any]:
    """What the app's screens and the web app's show a student."""
    asked = (
        "/sessions?week=current", "/sessions?from=2026-03-01&to=2026-05-20", "/plans", "/dashboard/summary",
        "/ai/plans/status/weekly", "/ai/plans/status/weekly?week=next", "/users/me/habits", "/syllabus?topic=Biology",
        "/syllabus?topic=Ornithology", "/users/me/busy?from=2026-03-01&to=2026-04-30",
    )  # fmt: skip
    found = {path: student.get(path) for path in asked}
    assert {path: answer.status_code for path, answer in found.items() if answer.status_code != 200} == {}
    return {path: answer.json for path, answer in found.items()} | {
        "me": {name: value for name, value in student.get("/users/me").json.items() if name != "id"}
    }


def test_who_is_imported_has_the_same_planner(
    exported: dict[str, Any], student: Student, importer: Importer, clock: FrozenClock
) -> None:
    before = shown(student)
    assert student.post("/users/me/delete", {"password": PASSWORD}).status_code == 204
    again = importer(exported)
    assert shown(again) == before
    told = again.get("/users/me/export").json
    assert told["account"].pop("id") != exported["account"].pop("id")
    for name in NOT_TAKEN_ALONG:
        del told[name], exported[name]
    assert told == exported
    with connected(importer.database):
        assert User.get().planner_revision > 0
    synced = again.get("/sessions?since=&limit=500").json
    assert {session["id"] for session in synced} == {session["id"] for session in told["sessions"]}
    assert again.post("/plans/current/replan", {"include_overdue": True}).status_code == 200
    assert again.patch(f"/sessions/{told['sessions'][0]['id']}", {"rating": "easy"}).status_code == 200


def test_beside_the_one_it_came_from_everything_has_ids_of_its_own_that_refer_to_each_other(
    exported: dict[str, Any], student: Student, importer: Importer
) -> None:
    other = importer(exported, "other@example.com")
    told = other.get("/users/me/export").json
    for name in ("plans", "sessions", "jobs"):
        assert not {row["id"] for row in told[name]} & {row["id"] for row in exported[name]}
    others = {
        before["id"]: after["id"]
        for name in ("plans", "sessions", "jobs")
        for before, after in zip(exported[name], told[name], strict=True)
    }
    others |= {
        before["series_id"]: after["series_id"]
        for before, after in zip(exported["sessions"], told["sessions"], strict=True)
        if before["series_id"]
    }
    text = json.dumps({name: exported[name] for name in ("plans", "sessions", "session_changes", "jobs")})
    for before, after in others.items():
        text = text.replace(before, after)
    renamed = json.loads(text)
    renamed["session_changes"].sort(key=lambda row: row["session_id"])
    assert renamed == {name: told[name] for name in renamed}
    gone = other.delete(f"/sessions/{told['sessions'][-1]['id']}?following=true")
    assert gone.status_code < 300
    assert student.get("/users/me/export").json["sessions"] == exported["sessions"]


def test_a_plan_that_is_being_made_is_asked_for_again(
    student: Student, importer: Importer, database: Database, clock: FrozenClock
) -> None:
    student.post("/ai/plans/generate", {"goal": "Pass", "topic": "Biology"})
    document = student.get("/users/me/export").json
    assert [job["status"] for job in document["jobs"]] == ["queued"]
    other = importer(document, "other@example.com")
    assert other.get("/ai/plans/status/weekly").json["can_generate"]
    job = other.post("/ai/plans/generate", {"goal": "Pass", "topic": "Biology"}).json["job_id"]
    runner(database, clock).run(UUID(job))
    assert other.get("/sessions?week=current").json


def test_what_another_server_paid_a_model_for_is_not_counted_here(
    exported: dict[str, Any], importer: Importer, database: Database, clock: FrozenClock
) -> None:
    used = {"prompt_tokens": 10**9, "completion_tokens": 1}
    for asked_at, kept, email in (
        (clock.now + timedelta(days=400), None, "one@example.com"),
        (clock.now - timedelta(days=3), used, "two@example.com"),
    ):
        exported["jobs"][0] |= {"usage": used, "created_at": asked_at.isoformat()}
        importer(exported, email)
        with connected(database):
            first = Job.select().join(User).where(User.email == email).order_by(Job.id).get()
            assert first.usage == kept


def test_an_address_that_is_there_is_refused_and_so_is_the_same_file_twice(
    exported: dict[str, Any], student: Student, importer: Importer
) -> None:
    assert "there already" in importer.refused(exported)
    importer(exported, "other@example.com")
    assert "there already" in importer.refused(exported, "other@example.com")


def test_what_is_no_whole_export_is_refused_with_a_sentence_and_changes_nothing(
    exported: dict[str, Any], importer: Importer
) -> None:
    text = json.dumps(exported)
    first = exported["sessions"][0]["id"]

    def changed(path: str, value: Any) -> bytes:
        document = json.loads(text)
        *way, last = [int(part) if part.isdigit() else part for part in path.split("/")]
        target = document
        for part in way:
            target = target[part]
        if value is ...:
            del target[last]
        else:
            target[last] = value
        return json.dumps(document).encode()

    done = next(str(index) for index, session in enumerate(exported["sessions"]) if session["status"] == "done")
    cases: dict[str, tuple[bytes, str]] = {
        "empty": (b"", "not JSON"),
        "cut": (text[:-100].encode(), "not JSON"),
        "no text": (b"\xff\xfe\x00", "not JSON"),
        "a lone surrogate": (text.replace("Pass", "\\ud800", 1).encode(), "not JSON"),
        "something else": (b'{"a": 1}', "not an export"),
        "a list": (b"[]", "not an export"),
        "nested": (b"[" * 100_000, ""),
        "nested inside": (changed("sessions/0/title", json.loads("[" * 150 + "]" * 150)), "/sessions/0/title"),
        "NUL": (text.replace("Pass", "\\u0000", 1).encode(), "NUL"),
        "another format": (changed("format", "other"), "not an export"),
        "a newer version": (changed("version", 2), "update it first"),
        "an older version": (changed("version", 0), "no release"),
        "a version that is none": (changed("version", "1"), "which version"),
        "a huge version": (changed("version", 10**300), "newer"),
        "no version": (changed("version", ...), "which version"),
        "no sessions": (changed("sessions", ...), "/sessions"),
        "an unknown field": (changed("sessions/0/password", "x"), "/sessions/0/password"),
        "an unknown long field": (changed("sessions/0/" + "x" * 1000, "x"), "does not know"),
        "a number as text": (changed("sessions/0/duration_minutes", "45"), "Duration minutes"),
        "too long": (changed("sessions/0/duration_minutes", 481), "480"),
        "huge": (changed("session_changes/0/changes", 2**31), "at most"),
        "a year nobody lives in": (changed("sessions/0/scheduled_on", "0001-01-01"), "2000"),
        "the last instant": (changed("sessions/0/scheduled_at", "9999-12-31T23:59:59Z"), "2000"),
        "without an offset": (changed("sessions/0/scheduled_at", "2026-03-04T09:00:00"), "/sessions/0/scheduled_at"),
        "an unknown status": (changed("sessions/0/status", "gone"), "/sessions/0/status"),
        "done at no time": (changed(f"sessions/{done}/completed_at", None), "contradicts itself"),
        "a foreign plan": (changed("sessions/0/plan_id", first), "a plan that is not in it"),
        "one session twice": (changed("sessions/1/id", first), "the same one"),
        "a plan of a Tuesday": (changed("plans/0/week_start", "2026-03-03"), "not a Monday"),
        "changes of nothing": (changed("session_changes/0/session_id", str(UUID(int=7))), "not in it"),
        "a failure for no reason": (changed("jobs/0/status", "failed"), "saying why"),
        "a job of a foreign plan": (changed("jobs/0/plan_id", first), "not in it"),
        "time that runs back": (changed("busy_times/0/ends_at", "2026-01-01T00:00:00Z"), "before it starts"),
        "no address": (changed("account/email", "nobody"), "address"),
        "no zone": (changed("account/timezone", "Mars/Olympus"), "time zone"),
        "windows that overlap": (changed("preferences/availability/1/weekday", 1), "overlap"),
        "no language": (changed("plans/0/language", "../../etc"), "language"),
        "an infinite stability": (text.replace('"stability": ', '"stability": 1e999, "x": ', 1).encode(), "/memories"),
    }  # fmt: skip
    wrong = {}
    for name, (raw, words) in cases.items():
        try:
            sentence = importer.refused(raw, "other@example.com")
        except pytest.fail.Exception:
            sentence = "not refused"
        if words not in sentence or "\n" in sentence or not sentence.endswith("."):
            wrong[name] = sentence
    assert not wrong


def test_quotas_hold_unless_the_operator_says_otherwise(
    exported: dict[str, Any], student: Student, importer: Importer
) -> None:
    session = exported["sessions"][0] | {"status": "pending", "completed_at": None, "completed_on": None}
    many = [session | {"id": str(UUID(int=number))} for number in range(1, 502)]
    document = exported | {"sessions": many, "session_changes": [], "memories": []}
    assert "501 sessions in the week of 2026-03-02" in importer.refused(document, "other@example.com")
    other = importer(document, "other@example.com", over_quota=True)
    assert (
        other.post("/plans/current/sessions", {"title": "One more", "topic": "Biology", "duration_minutes": 20}).json[
            "code"
        ]
        == "quota_exceeded"
    )


def test_who_has_no_password_yet_is_answered_like_anybody_with_a_wrong_one(
    exported: dict[str, Any], api: Api, database: Database, hasher: Any
) -> None:
    with connected(database):
        export = read_export(json.dumps(exported).encode())
        import_student(export, "other@example.com", hasher.hash_of_none(), now=export.exported_at)
    for password in ("", "!", PASSWORD):
        answer = api.post("/auth/login", {"email": "other@example.com", "password": password})
        assert (answer.status_code, answer.json["code"]) == (401, "invalid_credentials")
