"""Topics of every kind: unknown ones, small ones, the student's own lists, and several at once."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

from schediora.ai.curriculum.frame import NoteCode, Role
from schediora.ai.curriculum.week import frame_of
from schediora.syllabus.syllabus import Source, SyllabusUnit
from tests.ai.curriculum.rules import faults
from tests.ai.curriculum.simulated import DAY, MONDAY, WEEK, Life, absent, diligent, own_list, syllabus_of


def test_an_unknown_subject_says_so_and_its_lessons_go_on_from_week_to_week() -> None:
    life = Life([syllabus_of("Underwater chess")])
    turns: list[int] = []
    for week in range(3):
        request = life.request(MONDAY + week * WEEK)
        frame = life.week(MONDAY + week * WEEK, diligent)
        assert [note.code for note in frame.notes] == [NoteCode.UNKNOWN_SUBJECT]
        assert not faults(frame, request)
        assert all(not slot.units for slot in frame.slots)
        turns += [slot.turn for slot in frame.slots if slot.role is Role.LESSON]
    assert turns == list(range(len(turns)))


def test_an_unknown_subject_is_studied_by_the_focus_topics_that_no_other_subject_takes() -> None:
    life = Life([syllabus_of("Underwater chess")], focus=("Openings below water", "Biology", "underwater chess"))
    frame = life.frame(MONDAY)
    assert {unit.title for slot in frame.slots for unit in slot.units} == {"Openings below water"}
    assert not frame.notes


def test_a_topic_of_one_unit_is_taken_point_by_point() -> None:
    life = Life([syllabus_of("Trigonometry")])
    points = life.topics[0].units[0].material
    assert points
    turns: list[int] = []
    for week in range(2):
        frame = life.week(MONDAY + week * WEEK, diligent)
        turns += [slot.turn for slot in frame.slots if slot.role is Role.LESSON]
    assert turns == list(range(len(points.points)))


def test_near_an_exam_every_unit_of_a_small_topic_gets_a_lesson() -> None:
    frame = Life([syllabus_of("Calculus")], {"Calculus": (MONDAY + 6 * DAY,)}).frame(MONDAY)
    lessons = {unit.key for slot in frame.slots if slot.role is Role.LESSON for unit in slot.units}
    assert lessons == {"math.derivatives", "math.integrals"}


def test_the_students_own_list_is_learned_in_its_order() -> None:
    titles = ("Knots", "Wind", "Tacking", "Rules of the sea", "Night")
    life = Life([own_list(*titles)])
    first = [slot for slot in life.frame(MONDAY).slots if slot.role is Role.LESSON]
    assert [slot.units[0].title for slot in first] == list(titles[: len(first)])
    slots = life.frame(MONDAY).slots
    lessons = [index for index, slot in enumerate(slots) if slot.role is Role.LESSON]
    assert all(before in slots[index].after for before, index in pairwise(lessons))


def test_units_that_need_each_other_in_a_circle_are_all_learned() -> None:
    units = tuple(
        SyllabusUnit(f"model.{number}", f"Part {number}", needs=(f"model.{(number + 1) % 6}",)) for number in range(6)
    )
    syllabus = replace(own_list(), units=units, source=Source.MODEL)
    life = Life([syllabus])
    for week in range(4):
        request = life.request(MONDAY + week * WEEK)
        assert not faults(life.week(MONDAY + week * WEEK), request)
    assert life.learned(syllabus) == {unit.key for unit in units}


def test_strange_lists_make_sensible_weeks() -> None:
    found = []
    for syllabus in (
        own_list(*["The same"] * 60),
        own_list("🙂" * 120),
        own_list("One", "Two"),
        own_list(*map(str, range(60)), mock_minutes=300),
        replace(
            own_list("One", "Two", "Three"), units=tuple(replace(u, left_out=True) for u in own_list("A", "B").units)
        ),
    ):
        for exam in (None, 1, 2, 5, 9, 30):
            life = Life([syllabus], {"Sailing": (MONDAY + exam * DAY,)} if exam else {})
            request = life.request(MONDAY)
            found += [(syllabus.units[:1], exam, each) for each in faults(life.frame(MONDAY), request)]
    assert not found


def test_several_topics_share_ten_steps_and_the_one_whose_exam_is_near_gets_most() -> None:
    topics = ["Math", "Biology", "Underwater chess", "Physics", "IELTS"]
    found = []
    for count in (2, 3, 4, 5):
        exams: dict[str, tuple[date, ...]] = {"Biology": (MONDAY + 6 * DAY,)}
        life = Life([syllabus_of(topic) for topic in topics[:count]], exams)
        for week in range(3):
            request = life.request(MONDAY + week * WEEK)
            frame = life.week(MONDAY + week * WEEK, diligent)
            minutes = {
                topic: sum(slot.minutes for slot in frame.slots if slot.topic == topic) for topic in topics[:count]
            }
            found += [(count, week, each) for each in faults(frame, request)]
            if not all(minutes.values()) or (week == 0 and max(minutes, key=minutes.__getitem__) != "Biology"):
                found.append((count, week, str(minutes)))
    assert not found


def test_topics_take_turns_in_a_week() -> None:
    frame = Life([syllabus_of("Math"), syllabus_of("Biology")]).frame(MONDAY)
    first = [slot.topic for slot in frame.slots][:4]
    assert set(first[:2]) == set(first[2:]) == {"Math", "Biology"}


def test_each_of_two_exams_in_one_week_is_prepared_before_it() -> None:
    first, second = MONDAY + 3 * DAY, MONDAY + 6 * DAY
    frame = Life([syllabus_of("Math")], {"Math": (first, second)}).frame(MONDAY)
    assert sum(slot.role is Role.DIAGNOSTIC for slot in frame.slots) == 1
    for slot in frame.slots:
        assert slot.latest_day
        assert slot.latest_day < first or (slot.earliest_day and first <= slot.earliest_day <= slot.latest_day < second)
    lessons = [slot.units for slot in frame.slots if slot.role is Role.LESSON]
    assert len(lessons) == len(set(lessons))


def test_fifty_exams_and_five_thousand_sessions_make_a_week() -> None:
    life = Life([syllabus_of("Math")], {"Math": tuple(MONDAY + (20 + number) * DAY for number in range(50))})
    for week in range(2):
        life.week(MONDAY + week * WEEK, absent)
    life.past = (life.past * (5000 // len(life.past) + 1))[:5000]
    for week in (2, 3, 4):
        frame = life.frame(MONDAY + week * WEEK)
        assert 6 <= len(frame.slots) <= 10
        assert not [slot for slot in frame.slots if slot.role in (Role.RECALL, Role.REVIEW) and not slot.after]


def test_a_week_without_any_time_still_has_its_steps() -> None:
    for exam in (None, MONDAY + DAY):
        life = Life([syllabus_of("Math")], {"Math": (exam,)} if exam else {})
        request = life.request(MONDAY)
        none = tuple(replace(day, minutes=0) for day in request.student.days)
        for days in (none, ()):
            frame = frame_of(replace(request, student=replace(request.student, days=days)))
            assert len(frame.slots) == 6


def test_a_topic_of_two_subjects_takes_them_in_turn() -> None:
    life = Life([syllabus_of("Biology and Chemistry")])
    lessons = [slot.units[0].key.partition(".")[0] for slot in life.frame(MONDAY).slots if slot.role is Role.LESSON]
    assert set(lessons[:2]) == {"biology", "chemistry"}
