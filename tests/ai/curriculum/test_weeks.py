"""What holds in every week of every student: 52 Mondays, five subjects, three histories."""

from datetime import date

from schediora.ai.curriculum.frame import Frame, Role
from tests.ai.curriculum.rules import faults
from tests.ai.curriculum.simulated import DAY, MONDAY, WEEK, Habit, Life, a_third, absent, diligent, syllabus_of

TOPICS = ("Math", "Biology", "Chemistry", "Physics", "English")
HISTORIES: tuple[Habit, ...] = (diligent, a_third, absent)
MINUTES = (120, 30, 60, 240, 90, 480)


def lessons(frame: Frame) -> list[str]:
    """Return the keys of the units that `frame` teaches."""
    return [slot.units[0].key for slot in frame.slots if slot.role is Role.LESSON]


def test_every_week_of_every_student_keeps_the_rules() -> None:
    found = []
    for week in range(52):
        monday = MONDAY + week * WEEK
        for number, topic in enumerate(TOPICS):
            habit = HISTORIES[(week + number) % 3]
            exam = monday + (1 + (5 * week + number) % 45) * DAY
            life = Life([syllabus_of(topic)], {topic: (exam,)}, minutes=MINUTES[(week + number) % len(MINUTES)])
            for later in range(2 + week % 3):
                if exam <= monday + later * WEEK:
                    break
                request = life.request(monday + later * WEEK)
                frame = life.week(monday + later * WEEK, habit)
                found += [
                    (topic, habit.__name__, week, later, (exam - monday).days, each) for each in faults(frame, request)
                ]
    assert not found


def test_a_plan_made_in_the_middle_of_a_week_keeps_the_rules() -> None:
    found = []
    for number in range(70):
        today, topic = MONDAY + (number % 7) * DAY, TOPICS[number % 5]
        exam = today + (1 + number // 7) * DAY
        life = Life([syllabus_of(topic)], {topic: (exam,)})
        request = life.request(MONDAY, today)
        found += [(topic, number % 7, 1 + number // 7, each) for each in faults(life.frame(MONDAY, today), request)]
    assert not found


def test_the_week_after_one_that_was_wholly_missed_teaches_the_same() -> None:
    found = []
    for topic in TOPICS:
        for exam in (None, 40, 75):
            exams: dict[str, tuple[date, ...]] = {topic: (MONDAY + exam * DAY,)} if exam else {}
            life = Life([syllabus_of(topic)], exams)
            first = lessons(life.week(MONDAY, absent))
            second = life.frame(MONDAY + WEEK)
            missed = [slot.units[0].key for slot in second.slots if slot.missed_on]
            if missed != first or lessons(second) != first:
                found.append((topic, exam, first, lessons(second)))
    assert not found
