"""The first week of a new student: where it starts, and how full it is."""

from datetime import timedelta

from schediora.ai.curriculum.frame import NoteCode, Role
from tests.ai.curriculum.simulated import MONDAY, WEEK, Life, syllabus_of

TOPICS = ("Math", "Biology", "Chemistry", "Physics", "English")


def test_a_new_student_gets_the_same_week_on_each_monday_of_the_year_and_it_begins_with_the_first_unit() -> None:
    faults = []
    for topic in TOPICS:
        life = Life([syllabus_of(topic)])
        first = life.frame(MONDAY).slots
        if first[0].role is not Role.LESSON or first[0].units != (life.topics[0].units[0],):
            faults.append((topic, str(first[0])))
        others = [week for week in range(52) if life.frame(MONDAY + week * WEEK).slots != first]
        faults += [(topic, f"week {week}") for week in others]
    assert not faults


def test_a_week_takes_most_of_what_is_offered_and_says_when_more_is_not_useful() -> None:
    faults = []
    for topic in TOPICS:
        for hours in (0.5, 1, 1.5, 2, 3, 4, 6, 8, 16):
            frame = Life([syllabus_of(topic)], minutes=int(hours * 60)).frame(MONDAY)
            used = sum(slot.minutes for slot in frame.slots) / (min(hours, 4) * 60 * 7)
            said = NoteCode.MORE_IS_NOT_USEFUL in [note.code for note in frame.notes]
            if not 0.7 <= used <= 0.9 or said != (hours > 4) or not 6 <= len(frame.slots) <= 10:
                faults.append((topic, hours, used, said, len(frame.slots)))
    assert not faults


def test_a_student_who_never_said_their_hours_is_planned_about_half_of_the_usual_ones() -> None:
    frame = Life([syllabus_of("Math")], minutes=None).frame(MONDAY)
    assert 0.4 <= sum(slot.minutes for slot in frame.slots) / (7 * 120) <= 0.6


def test_the_focus_topics_come_first() -> None:
    faults = []
    for topic, focus, wanted in (
        ("Math", "Trigonometry", "math.trigonometry"),
        ("Math", "integrals!!", "math.integrals"),
        ("Biologi", "genetika", "biology.genetics"),
    ):
        first = Life([syllabus_of(topic)], focus=(focus, "Something else")).frame(MONDAY).slots[0]
        if (first.role, first.units[0].key) != (Role.LESSON, wanted):
            faults.append((topic, focus, first.units))
    assert not faults


def test_a_week_asked_for_late_is_as_full_as_its_days() -> None:
    friday = MONDAY + timedelta(days=4)
    frame = Life([syllabus_of("Math")]).frame(MONDAY, friday)
    assert 0.7 <= sum(slot.minutes for slot in frame.slots) / (3 * 120) <= 0.9
