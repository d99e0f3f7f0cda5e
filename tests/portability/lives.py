"""A student who has something in every table."""

from datetime import timedelta
from uuid import UUID

from schediora.ai.author import build_author
from schediora.ai.jobs import Runner
from schediora.db.database import Database
from tests.client import FrozenClock, Student

CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//test//EN
BEGIN:VEVENT
UID:training@example.com
DTSTAMP:20260301T000000Z
DTSTART:20260305T170000Z
DTEND:20260305T183000Z
RRULE:FREQ=WEEKLY;COUNT=6
SUMMARY:Training
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")
PREFERENCES = {
    "goal": "Pass the 生物 exam 😀",
    "daily_hours": 2.5,
    "focus_topics": ["Biology", "Ornithology"],
    "timezone": "Asia/Jakarta",
    "availability": [{"weekday": day, "start": "08:00", "end": "21:00"} for day in range(1, 8)],
    "session_minutes": 60,
    "exams": [{"topic": "Biology", "date": "2026-04-18"}],
    "day_starts_at": "04:00",
    "rest_days": [7],
    "days_off": [{"first": "2026-05-01", "last": "2026-05-03"}],
    "language": "en",
}


def runner(database: Database, clock: FrozenClock) -> Runner:
    """What makes plans, by rules."""
    author = build_author(provider="rules", base_url=None, api_key="", model="")
    return Runner(database, author, default_timezone="UTC", clock=clock)


def live(student: Student, database: Database, clock: FrozenClock) -> None:
    """Give the student a life: a plan made for them, sessions of each kind and state, lists, busy times, a feed."""
    assert student.put("/users/preferences", PREFERENCES).status_code == 200
    own = {"topic": "Ornithology", "units": [{"title": "Owls", "known": True}, {"title": "Terns"}]}
    assert student.put("/syllabus", own).status_code == 200
    assert student.put("/syllabus", own | {"units": own["units"][1:]}).status_code == 200
    calendar = {"Content-Type": "text/calendar"}
    assert student.put("/users/me/busy", headers=calendar, body=CALENDAR).status_code == 200
    assert student.post("/users/me/calendar").status_code == 201
    wish = {"goal": "Pass", "topic": "Biology", "also": ["Chemistry"]}
    job = student.post("/ai/plans/generate", wish).json["job_id"]
    runner(database, clock).run(UUID(job))
    sessions = student.get("/sessions?week=current").json
    assert len(sessions) > 2
    clock.advance(timedelta(hours=8))
    done = {"status": "done", "rating": "hard", "actual_minutes": 50}
    assert student.patch(f"/sessions/{sessions[0]['id']}", done).status_code == 200
    at = (clock.now + timedelta(days=1)).isoformat().replace("+00:00", "Z")
    assert student.patch(f"/sessions/{sessions[1]['id']}", {"scheduled_at": at}).status_code == 200
    assert student.patch(f"/sessions/{sessions[2]['id']}", {"status": "in_progress"}).status_code == 200
    series = {"title": "Vocabulary", "topic": "Spanish", "duration_minutes": 20}
    repeat = {"repeat": {"every": "week", "until": "2026-04-20"}}
    answers = [
        student.post("/plans", series | repeat),
        student.post("/plans/current/sessions", series | {"due_on": "2026-03-20"}),
    ]
    assert [answer.status_code for answer in answers] == [201, 201], [answer.text for answer in answers]
    failed = student.post("/ai/plans/generate", {"goal": "Again", "topic": "Biology", "week": "next"}).json["job_id"]
    runner(database, clock).run(UUID(failed))
