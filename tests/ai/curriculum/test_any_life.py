"""Students who do what they like: rate, skip, take longer, know things, leave things out, and ask on any day."""

import random
from dataclasses import replace
from datetime import date

from schediora.ai.curriculum.frame import DayTime, PastSession, Request
from schediora.ai.curriculum.week import frame_of
from schediora.memory.replay import Rating
from schediora.syllabus.syllabus import Syllabus
from tests.ai.curriculum.rules import faults
from tests.ai.curriculum.simulated import DAY, MONDAY, WEEK, Done, Life, own_list, syllabus_of

LIVES = 60
TOPICS = (
    "Math",
    "Biology",
    "English",
    "IELTS",
    "Calculus",
    "Trigonometry",
    "Underwater chess",
    "Biology and Chemistry",
)


def test_any_week_of_any_life_keeps_the_rules() -> None:
    found = []
    for seed in range(LIVES):
        chance = random.Random(seed)
        life = _life(chance)
        for week in range(4):
            monday = MONDAY + week * WEEK
            today = monday + chance.choice((0, 0, 0, 1, 3, 5, 6)) * DAY
            life.topics = [_changed(topic, today, chance) for topic in life.topics]
            request = _with_other_hours(life.request(monday, today), chance)
            frame = frame_of(request)
            found += [(seed, week, each) for each in faults(frame, request)]
            for _, session in life.placed(frame, request.student):
                life.live(session, _done(session, chance))
    assert not found


def _life(chance: random.Random) -> Life:
    topics = [syllabus_of(topic) for topic in chance.sample(TOPICS, chance.choice((1, 1, 1, 2, 3)))]
    if chance.random() < 0.2:
        topics[0] = own_list(*(f"Chapter {number}" for number in range(chance.randint(1, 20))))
    exams = {
        topic.topic: tuple(MONDAY + chance.randint(1, 40) * DAY for _ in range(chance.choice((0, 1, 1, 2, 5))))
        for topic in topics
    }
    return Life(
        topics,
        exams={topic: tuple(sorted(days)) for topic, days in exams.items()},
        minutes=chance.choice((None, 15, 30, 60, 120, 200, 300)),
        session_minutes=chance.choice((15, 25, 45, 90, 180)),
        focus=chance.choice(((), ("Trigonometry",), ("Cell division", "Chapter 3", "Openings"))),
    )


def _changed(topic: Syllabus, today: date, chance: random.Random) -> Syllabus:
    if chance.random() > 0.3 or not topic.units:
        return topic
    at = chance.randrange(len(topic.units))
    unit = topic.units[at]
    known = replace(unit, known_on=today) if chance.random() < 0.5 else replace(unit, left_out=not unit.left_out)
    return replace(topic, units=(*topic.units[:at], known, *topic.units[at + 1 :]))


def _with_other_hours(request: Request, chance: random.Random) -> Request:
    days = tuple(DayTime(day.day, chance.choice((day.minutes, day.minutes, 0, 20))) for day in request.student.days)
    return replace(request, student=replace(request.student, days=days))


def _done(session: PastSession, chance: random.Random) -> Done:
    if chance.random() < 0.3:
        return Done(None)
    rating = chance.choice((None, None, None, *Rating))
    actual = chance.choice((None, None, session.planned_minutes * 2, 10))
    return Done(session.day + chance.choice((0, 0, 0, 1)) * DAY, rating, actual)
