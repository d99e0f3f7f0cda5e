"""What a student does with the planner, each by chance; what the answer must be is told beforehand where it can be."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.lives.expected import patched
from tests.lives.life import Life
from tests.lives.reference import DAY, Shown, day, in_time, instant, is_open, overlapped
from tests.lives.replanning import replan, undo
from tests.planner.book import ok, refused

TOPICS = ("Biology", "biology", "Math", "Quidditch")
UNITS = {"Biology": ("biology.cells", "biology.dna"), "Math": ()}
ZONES = ("UTC", "Asia/Jakarta", "Europe/Berlin", "America/New_York", "Pacific/Kiritimati", "Pacific/Pago_Pago")
TITLES = ("Read the chapter", "Past paper", "Flash cards")


def text(instant_: datetime) -> str:
    """Return an instant as a request says it."""
    return instant_.isoformat()


def some_time(life: Life, first: int, last: int) -> datetime:
    """Return a time some days from now, on a mark of five minutes, at any hour."""
    minutes = life.chance.randint(first * 24 * 60, last * 24 * 60) // 5 * 5
    return life.now.replace(minute=0, second=0, microsecond=0) + timedelta(minutes=minutes)


def wish(life: Life) -> dict[str, Any]:
    """Return a session to add."""
    chance = life.chance
    body: dict[str, Any] = {
        "title": chance.choice(TITLES),
        "topic": chance.choice(TOPICS),
        "duration_minutes": chance.choice([15, 25, 45, 90, 240]),
    }
    if chance.random() < 0.6:
        body["scheduled_at"] = text(some_time(life, *chance.choice([(-3, 3), (0, 6), (5, 12), (20, 60)])))
    if chance.random() < 0.2:
        body["due_on"] = (life.today + DAY * chance.randint(0, 9)).isoformat()
    if chance.random() < 0.2:
        body["unit"] = chance.choice([*UNITS["Biology"], "nothing.of.the.kind"])
    if chance.random() < 0.15:
        every = chance.choice(["day", "week"])
        length = chance.randint(0, 12 if every == "day" else 50)
        body["repeat"] = {"every": every, "until": (life.today + DAY * length).isoformat()}
    return body


def make_plan(life: Life) -> None:
    """Make a plan by hand."""
    _add(life, "/plans", life.sessions())


def append(life: Life) -> None:
    """Add a session to this week's plan."""
    _add(life, "/plans/current/sessions", life.sessions())


def quick_adds(life: Life) -> None:
    """Add some sessions one after the other without a word on when."""
    for _ in range(life.chance.randint(2, 4)):
        body = {"title": "Quick", "topic": "Math", "duration_minutes": life.chance.choice([15, 30, 60])}
        answer = life.call("POST", "/plans/current/sessions", body)
        if answer.status_code == 404:
            ok(life.call("POST", "/plans", body), 201)


def _add(life: Life, path: str, before: list[Shown]) -> None:
    body = wish(life)
    answer = life.call("POST", path, body)
    if answer.status_code == 201:
        known = {session["id"] for session in before}
        made = in_time(session for session in life.sessions() if session["id"] not in known)
        _is_as_wished(life, body, made, before, answer.json["overlaps"])
    elif answer.status_code == 404:
        refused(answer, 404, "no_current_plan")
        assert life.get("/sessions?week=current") == []
    else:
        refused(answer, 422, "validation_failed")
        assert "unit" in body or "repeat" in body, answer.text
        assert life.sessions() == before


def _is_as_wished(
    life: Life, body: dict[str, Any], made: list[Shown], before: list[Shown], overlaps: list[str]
) -> None:
    """Assert that the sessions made are those asked for, and that the answer named what they lie on."""
    first = made[0]
    for session in made:
        assert {name: session[name] for name in ("title", "topic", "duration_minutes")} == {
            name: body[name] for name in ("title", "topic", "duration_minutes")
        }
        assert session["due_on"] == body.get("due_on")
        assert not session["pinned"]
        assert [unit["key"] for unit in session["units"]] == ([body["unit"]] if "unit" in body else [])
        assert day(session["scheduled_on"]) == life.rules.day_of(instant(session["scheduled_at"]))
    on = [
        other["id"]
        for session in made
        for other in overlapped(before, instant(session["scheduled_at"]), session["duration_minutes"])
    ]
    assert sorted(overlaps) == sorted(set(on))
    if "scheduled_at" in body:
        assert instant(first["scheduled_at"]) == datetime.fromisoformat(body["scheduled_at"]).astimezone(UTC)
    else:
        assert day(first["scheduled_on"]) == life.today
        if not overlaps:
            assert instant(first["scheduled_at"]) > life.now - timedelta(minutes=5)
    if "repeat" not in body:
        assert len(made) == 1
        assert first["series_id"] is None
        return
    assert {session["series_id"] for session in made} == {first["series_id"]}
    assert (first["series_id"] is None) == (len(made) == 1)
    step = DAY * (1 if body["repeat"]["every"] == "day" else 7)
    begin, until = day(first["scheduled_on"]), date.fromisoformat(body["repeat"]["until"])
    assert [day(session["scheduled_on"]) for session in made] == [
        begin + step * number for number in range((until - begin) // step + 1)
    ]


def change(life: Life) -> None:
    """Change something of a session, often of one that is near."""
    sessions = life.sessions()
    if not sessions:
        return
    chance = life.chance
    near = sorted(sessions, key=lambda one: abs(instant(one["scheduled_at"]) - life.now))[:8]
    session = chance.choice(chance.choice([near, sessions]))
    fields: dict[str, Any] = {}
    if chance.random() < 0.6:
        fields["status"] = chance.choice(["done", "done", "done", "in_progress", "pending"])
    if chance.random() < 0.2:
        fields["completed_on"] = (life.today - DAY * chance.choice([0, 1, 2, 6, 7, 8, -1])).isoformat()
    if chance.random() < 0.15:
        fields["scheduled_at"] = text(some_time(life, -8, 8))
    if chance.random() < 0.1:
        fields["duration_minutes"] = chance.choice([15, 30, 120])
    if chance.random() < 0.1:
        fields["pinned"] = chance.choice([True, False])
    if chance.random() < 0.1:
        fields["due_on"] = chance.choice(
            [None, "9999-12-31", *((life.today + DAY * ahead).isoformat() for ahead in (-1, 0, 3))]
        )
    if chance.random() < 0.2:
        fields["rating"] = chance.choice(["again", "hard", "good", "easy", None])
    if chance.random() < 0.1:
        fields["actual_minutes"] = chance.choice([None, 5, 50])
    if not fields:
        fields["title"] = chance.choice(TITLES)
    expected = patched(session, fields, life.now, life.rules)
    answer = life.call("PATCH", f"/sessions/{session['id']}", fields)
    if expected is None:
        refused(answer, 422, "validation_failed")
        assert life.sessions() == sessions
    else:
        shown = ok(answer)["session"]
        if "scheduled_at" in fields:
            shown["reason"] = expected["reason"]
        assert shown == expected


def tick(life: Life) -> None:
    """Tick off one of this week's sessions."""
    if open_ := [session for session in life.get("/sessions?week=current") if is_open(session)]:
        ok(life.call("PATCH", f"/sessions/{life.chance.choice(open_)['id']}", {"status": "done"}))


def delete_session(life: Life) -> None:
    """Delete a session, sometimes with what follows of its series."""
    sessions = life.sessions()
    if not sessions:
        return
    in_series = [session for session in sessions if session["series_id"]]
    session = life.chance.choice(in_series if in_series and life.chance.random() < 0.5 else sessions)
    following = life.chance.random() < 0.5
    ok(life.call("DELETE", f"/sessions/{session['id']}" + "?following=true" * following), 204)
    gone = {session["id"]} | {
        other["id"]
        for other in sessions
        if following
        and session["series_id"]
        and other["series_id"] == session["series_id"]
        and instant(other["scheduled_at"]) > instant(session["scheduled_at"])
        and is_open(other)
    }
    assert life.sessions() == [other for other in sessions if other["id"] not in gone]


def delete_plan(life: Life) -> None:
    """Delete a plan."""
    plans, sessions = life.plans(), life.sessions()
    if plans:
        chosen = life.chance.choice(sorted(plans))
        ok(life.call("DELETE", f"/plans/{chosen}"), 204)
        assert life.sessions() == [session for session in sessions if session["plan_id"] != chosen]


def prefer(life: Life) -> None:
    """Set preferences: mostly what decides about days."""
    chance = life.chance
    body: dict[str, Any] = {
        "goal": "Pass",
        "daily_hours": chance.choice([0.5, 2, 6]),
        "focus_topics": ["Biology", "Math"],
    }
    rules = life.rules
    if chance.random() < 0.4:
        body["timezone"] = rules.zone = chance.choice(ZONES)
    if chance.random() < 0.4:
        minutes = chance.choice([0, 30, 240, 240, 360])
        body["day_starts_at"], rules.day_starts_at = f"{minutes // 60:02}:{minutes % 60:02}", minutes
    if chance.random() < 0.4:
        body["rest_days"] = rules.rest_days = sorted(chance.sample(range(1, 8), chance.choice([0, 1, 2, 6])))
    if chance.random() < 0.4:
        first = life.today + DAY * chance.randint(-15, 10)
        rules.days_off = [(first, first + DAY * chance.randint(0, 9))] if chance.random() < 0.7 else []
        body["days_off"] = [{"first": begin.isoformat(), "last": end.isoformat()} for begin, end in rules.days_off]
    if chance.random() < 0.3:
        body["exams"] = [{"topic": "Biology", "date": (life.today + DAY * chance.randint(0, 20)).isoformat()}]
    if chance.random() < 0.2:
        windows = chance.sample(range(1, 8), chance.randint(1, 7))
        body["availability"] = [{"weekday": at, "start": "16:00", "end": "24:00"} for at in sorted(windows)]
    ok(life.call("PUT", "/users/preferences", body))


def generate(life: Life) -> None:
    """Ask for a plan; mostly a worker is there at once, sometimes only later."""
    ask_for(life, life.chance.choice(["current", "next"]))
    if life.chance.random() < 0.7:
        life.work()


def ask_for(life: Life, week: str) -> None:
    """Ask for a plan for a week, and hold what is answered against what the weekly status said."""
    status = life.get(f"/ai/plans/status/weekly?week={week}")
    body = {"goal": "Pass the exam", "topic": life.chance.choice(TOPICS[2:] + TOPICS[:1])}
    answer = life.call("POST", "/ai/plans/generate", body | ({"week": "next"} if week == "next" else {}))
    if status["can_generate"]:
        job_id = ok(answer, 202)["job_id"]
        assert status["reason"] is status["active_job_id"] is None
        life.jobs.append(job_id)
        if week == "current":
            life.asked[job_id] = life.monday
    else:
        problem = refused(answer, 409, status["reason"])
        is_true(life, week, problem)


def is_true(life: Life, week: str, problem: dict[str, Any]) -> None:
    """Assert that the sentence of a refusal is true as things stand: it says "you have a plan" only of one there is."""
    monday = life.monday + 7 * DAY * (week == "next")
    if problem["code"] == "weekly_plan_exists" and "already have a plan" in problem["detail"]:
        there = [plan for plan in life.plans().values() if day(plan["week_start"]) == monday]
        moved = [plan for plan in life.plans() if life.asked_for.get(plan) == monday]
        assert there or moved, problem
    if problem["code"] == "generation_in_progress":
        assert problem["job_id"] in life.jobs


def work(life: Life) -> None:
    """Let a worker come."""
    life.work()


STEPS: dict[Callable[[Life], None], int] = {
    Life.wait: 8,
    make_plan: 2,
    append: 4,
    quick_adds: 1,
    change: 7,
    tick: 5,
    delete_session: 2,
    delete_plan: 1,
    prefer: 3,
    generate: 3,
    work: 1,
    replan: 3,
    undo: 1,
}
"""The steps, and how often each is taken."""
