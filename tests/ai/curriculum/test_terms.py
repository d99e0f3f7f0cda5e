"""Whole terms: every unit is reached before the exam, and a test's sections take turns."""

from schediora.ai.curriculum.frame import NoteCode, Role
from tests.ai.curriculum.simulated import DAY, MONDAY, WEEK, Life, diligent, syllabus_of


def test_with_forty_days_and_two_hours_everything_is_named_and_learned_or_a_sentence_says_so() -> None:
    found = []
    for topic in ("Math", "Biology", "Chemistry", "Physics", "English", "IELTS", "SAT"):
        for days in (40, 20, 9):
            life = Life([syllabus_of(topic)], {topic: (MONDAY + days * DAY,)})
            named: set[str] = set()
            said = False
            for week in range(days // 7 + 1):
                frame = life.week(MONDAY + week * WEEK, diligent)
                named |= {unit.key for slot in frame.slots if slot.role is Role.LESSON for unit in slot.units}
                said |= NoteCode.NOT_EVERYTHING in [note.code for note in frame.notes]
            units = len(life.topics[0].units)
            reached = len(named) == units and len(life.learned(life.topics[0])) >= 0.9 * units
            if not reached and (days == 40 or not said):
                found.append((topic, days, units, len(named), len(life.learned(life.topics[0])), said))
    assert not found


def test_six_weeks_of_a_test_differ_from_step_to_step_and_each_has_all_four_sections() -> None:
    life = Life([syllabus_of("IELTS")])
    steps, weak = set(), []
    for week in range(6):
        frame = life.week(MONDAY + week * WEEK, diligent)
        steps |= {(slot.role, tuple(unit.key for unit in slot.units), slot.turn) for slot in frame.slots}
        sections = {unit.section for slot in frame.slots for unit in slot.units}
        weak += [] if len(sections) == 4 else [(week, sections)]
    assert len(steps) >= 50
    assert not weak
