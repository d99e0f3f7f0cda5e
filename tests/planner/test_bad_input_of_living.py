"""Bad input to what a student lives with: each gets a clear answer and changes nothing. It is Wednesday, 2026-03-04."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from schediora.models.planner import Plan, Session, SessionUnit
from schediora.models.users import Preferences, User
from tests.client import Student
from tests.planner.book import PREFERENCES, SESSION, append, make_plan, ok, tick

SERIES = {"scheduled_at": "2026-03-05T10:00:00Z", "repeat": {"every": "day", "until": "2026-03-08"}}
TOO_MANY = [
    {"first": f"2026-{month:02}-{day:02}", "last": f"2026-{month:02}-{day:02}"}
    for month in (4, 5, 6)
    for day in (1, 4, 8, 12, 16, 20, 24)
]

PATCHES: list[tuple[str, dict[str, Any], str]] = [
    ("done", {"completed_on": "2026-03-05"}, "/completed_on"),
    ("done", {"completed_on": "2026-02-24"}, "/completed_on"),
    ("done", {"completed_on": "9999-12-31"}, "/completed_on"),
    ("done", {"completed_on": "0001-01-01"}, "/completed_on"),
    ("done", {"completed_on": None}, "/completed_on"),
    ("done", {"completed_on": "2026-03-04T00:00:00Z"}, "/completed_on"),
    ("done", {"completed_on": 20260304}, "/completed_on"),
    ("done", {"completed_on": "2026-03-03", "status": "pending"}, "/completed_on"),
    ("done", {"completed_on": "2026-03-03", "status": "in_progress"}, "/completed_on"),
    ("open", {"completed_on": "2026-03-03"}, "/completed_on"),
    ("open", {"completed_on": "2026-03-03", "status": "in_progress"}, "/completed_on"),
    ("open", {"completed_on": "2026-03-05", "status": "done"}, "/completed_on"),
    ("open", {"completed_on": "2026-02-24", "status": "done"}, "/completed_on"),
    ("open", {"pinned": None}, "/pinned"),
    ("open", {"pinned": "yes"}, "/pinned"),
    ("open", {"pinned": 1}, "/pinned"),
    ("open", {"due_on": "2026-03-03"}, "/due_on"),
    ("open", {"due_on": "2026-3-5"}, "/due_on"),
    ("open", {"due_on": "2026-02-30"}, "/due_on"),
    ("open", {"due_on": "2026-03-06T00:00:00Z"}, "/due_on"),
    ("open", {"due_on": ""}, "/due_on"),
    ("open", {"started_at": "2026-03-04T09:00:00Z"}, "/started_at"),
    ("open", {"series_id": str(uuid4())}, "/series_id"),
    ("open", {"late": True}, "/late"),
    ("open", {"unit": "biology.cells"}, "/unit"),
    ("open", {"repeat": {"every": "day", "until": "2026-03-08"}}, "/repeat"),
]

WISHES: list[tuple[dict[str, Any], str]] = [
    ({"repeat": {"every": "day", "until": "2026-03-04"}, "scheduled_at": "2026-03-05T10:00:00Z"}, "/repeat"),
    ({"repeat": {"every": "day", "until": "2026-03-03"}}, "/repeat"),
    ({"repeat": {"every": "day", "until": "2026-05-04"}, "scheduled_at": "2026-03-05T10:00:00Z"}, "/repeat"),
    ({"repeat": {"every": "week", "until": "2027-05-01"}, "scheduled_at": "2026-03-05T10:00:00Z"}, "/repeat"),
    ({"repeat": {"every": "day", "until": "9999-12-31"}}, "/repeat"),
    ({"repeat": {"every": "month", "until": "2026-03-08"}}, "/repeat/every"),
    ({"repeat": {"every": "day"}}, "/repeat/until"),
    ({"repeat": {"until": "2026-03-08"}}, "/repeat/every"),
    ({"repeat": {"every": "day", "until": None}}, "/repeat/until"),
    ({"repeat": {"every": "day", "until": "2026-03-08", "times": 3}}, "/repeat/times"),
    ({"repeat": "day"}, "/repeat"),
    ({"repeat": None}, "/repeat"),
    ({"repeat": []}, "/repeat"),
    ({"due_on": "2026-03-03"}, "/due_on"),
    ({"due_on": "soon"}, "/due_on"),
    ({"due_on": None}, "/due_on"),
    ({"unit": "biology.nothing"}, "/unit"),
    ({"unit": "mathematics.algebra"}, "/unit"),
    ({"unit": ""}, "/unit"),
    ({"unit": None}, "/unit"),
    ({"unit": ["biology.cells"]}, "/unit"),
    ({"unit": "biology.cells", "topic": "Quidditch"}, "/unit"),
    ({"pinned": True}, "/pinned"),
    ({"overlaps": []}, "/overlaps"),
    ({"series_id": str(uuid4())}, "/series_id"),
]

PREFERRED: list[tuple[dict[str, Any], str]] = [
    *(({"day_starts_at": wrong}, "/day_starts_at") for wrong in ("06:01", "24:00", "4:00", "04:60", "", 240, "-01:00")),
    ({"rest_days": [1, 2, 3, 4, 5, 6, 7]}, "/rest_days"),
    ({"rest_days": [1, 1]}, "/rest_days"),
    ({"rest_days": [0]}, "/rest_days/0"),
    ({"rest_days": [8]}, "/rest_days/0"),
    ({"rest_days": ["1"]}, "/rest_days/0"),
    ({"rest_days": [True]}, "/rest_days/0"),
    ({"rest_days": 7}, "/rest_days"),
    ({"days_off": [{"first": "2026-03-10", "last": "2026-03-12"}, {"first": "2026-03-12", "last": "2026-03-14"}]}, ""),
    ({"days_off": [{"first": "2026-03-10", "last": "2026-03-09"}]}, ""),
    ({"days_off": [{"first": "2026-02-03", "last": "2026-03-09"}]}, ""),
    ({"days_off": [{"first": "2026-03-10", "last": "2026-06-10"}]}, ""),
    ({"days_off": [{"first": "2027-03-04", "last": "2027-03-06"}]}, ""),
    ({"days_off": [{"first": "2026-03-10"}]}, "/days_off/0/last"),
    ({"days_off": [{"first": "2026-03-10", "last": "2026-03-11", "why": "sea"}]}, "/days_off/0/why"),
    ({"days_off": TOO_MANY}, "/days_off"),
    ({"days_off": "always"}, "/days_off"),
]

QUERIES: list[tuple[str, str]] = [
    ("/sessions?from=2026-03-05&to=2026-03-04", ""),
    ("/sessions?from=2026-03-01&to=2026-06-01", "to"),
    ("/sessions?from=2026-03-01", ""),
    ("/sessions?to=2026-03-01", ""),
    ("/sessions?from=2026-03-01&to=2026-03-02&week=all", ""),
    ("/sessions?from=2026-03-01&to=2026-03-02&state=overdue", ""),
    ("/sessions?state=overdue&week=current", ""),
    ("/sessions?state=done", "state"),
    ("/sessions?state=", "state"),
    ("/sessions?from=today&to=2026-03-04", "from"),
    ("/sessions?from=2026-02-30&to=2026-03-04", "from"),
    ("/sessions?from=2026-03-01T00:00:00Z&to=2026-03-04", "from"),
    ("/sessions?from=2026-03-01&from=2026-03-02&to=2026-03-04", "from"),
    ("/sessions?week=next", "week"),
    ("/ai/plans/status/weekly?week=all", "week"),
    ("/ai/plans/status/weekly?week=next&week=next", "week"),
    ("/users/me/habits?days=7", "days"),
]

REPLANS: list[tuple[dict[str, Any], str]] = [
    ({"include_overdue": "yes"}, "/include_overdue"),
    ({"include_overdue": None}, "/include_overdue"),
    ({"include_overdue": 1}, "/include_overdue"),
    ({"overdue": True}, "/overdue"),
]

GENERATIONS: list[tuple[dict[str, Any], str]] = [
    ({"week": wrong}, "/week") for wrong in ("all", "last", "", None, 1, "2026-03-09", ["next"])
]


def stored() -> list[list[dict[str, Any]]]:
    """Return all rows that the planner has, of whomever."""
    return [
        sorted((dict(row.__data__) for row in table.select()), key=repr)
        for table in (User, Preferences, Plan, Session, SessionUnit)
    ]


def test_what_is_not_understood_changes_nothing(student: Student, register: Callable[..., Student]) -> None:
    ok(student.put("/users/preferences", PREFERENCES | {"rest_days": [7]}))
    make_plan(student)
    done, open_ = tick(student, append(student))["id"], append(student, scheduled_at="2026-03-05T10:00:00Z")["id"]
    others = register()
    make_plan(others, **SERIES)
    theirs = ok(others.get("/sessions"))[0]["id"]
    ours = make_plan(student, **SERIES)["id"]
    before, failures = stored(), []

    def hold(told: object, answer: Any, status: int, code: str, where: str | None = None) -> None:
        problem = answer.json or {}
        named = {fault.get("pointer", fault.get("parameter")) for fault in problem.get("errors", ())}
        wrong = (answer.status_code, problem.get("code")) != (status, code)
        wrong = wrong or (where is not None and not any(str(at).startswith(where) for at in named))
        if wrong or not 0 < len(problem.get("detail", "")) <= 200 or stored() != before:
            failures.append(f"{told}: {answer.status_code} {answer.text[:300]}")

    def invalid(told: object, answer: Any, where: str) -> None:
        hold(told, answer, 422, "validation_failed", where)

    for which, fields, where in PATCHES:
        answer = student.patch(f"/sessions/{done if which == 'done' else open_}", fields)
        invalid((which, fields), answer, where)
    for fields, where in WISHES:
        for path in ("/plans", "/plans/current/sessions"):
            invalid((path, fields), student.post(path, SESSION | fields), where)
    for fields, where in PREFERRED:
        invalid(fields, student.put("/users/preferences", PREFERENCES | fields), where or "/days_off")
    for path, where in QUERIES:
        invalid(path, student.get(path), where)
    for fields, where in REPLANS:
        invalid(fields, student.post("/plans/current/replan", fields), where)
    for fields, where in GENERATIONS:
        wish = {"goal": "Pass", "topic": "Biology"}
        invalid(fields, student.post("/ai/plans/generate", wish | fields), where)
    for query in ("yes", "", "1", "true&following=true"):
        invalid(query, student.delete(f"/sessions/{open_}?following={query}"), "following")
    for key in (theirs, uuid4(), "none"):
        for query in ("", "?following=true", "?following=false"):
            hold((key, query), student.delete(f"/sessions/{key}{query}"), 404, "not_found")
        hold(key, student.patch(f"/sessions/{key}", {"pinned": True}), 404, "not_found")
    assert ours
    assert not failures, "\n".join(failures)
