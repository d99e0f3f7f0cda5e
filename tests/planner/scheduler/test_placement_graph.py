"""Steps that follow what they build on, and reasons that name it."""

from dataclasses import replace
from datetime import date, timedelta

from schediora.localtime import at_minute, zone
from schediora.planner.scheduler.placement import Exam, Kind, Placement, Since, Step, Week, Window, place
from tests.planner.scheduler.placement_rules import broken_rules

MONDAY = date(2026, 11, 23)
UTC = zone("UTC")
WEEK = Week(
    MONDAY, at_minute(MONDAY, 0, UTC), UTC, tuple(Window(weekday, 840, 1200) for weekday in range(1, 8)), 120, 45
)


def step(title: str, kind: Kind = Kind.LEARN, *after: int, minutes: int = 45, topic: str = "Biology") -> Step:
    return Step(title, f"Do {title}", topic, kind, minutes, after=after, builds_on=after)


def placed(steps: list[Step], week: Week = WEEK) -> Placement:
    placement = place(steps, week)
    assert broken_rules(steps, week, placement) == []
    return placement


def test_a_step_waits_for_what_it_comes_after_and_for_nothing_else() -> None:
    due = replace(step("Genes again", Kind.RECALL), latest_day=MONDAY)
    pieces = placed([step("Cells", minutes=90), step("Practise cells", Kind.PRACTICE, 0), due]).pieces
    assert pieces[0].day == MONDAY
    assert "Genes again" in [piece.title for piece in pieces if piece.day == MONDAY]


def test_a_recall_without_a_place_keeps_nothing_from_being_placed_nor_out_of_its_order() -> None:
    steps = [
        step("Cells"),
        replace(step("Cells again", Kind.RECALL, 0), latest_day=MONDAY - timedelta(days=1)),
        replace(step("Mixed tasks", Kind.PRACTICE, 1), builds_on=()),
    ]
    placement = placed(steps)
    assert [piece.title for piece in placement.pieces] == ["Cells", "Mixed tasks"]
    assert [(left.title, left.reason.code) for left in placement.unplaced] == [("Cells again", "no_time_left")]
    assert placement.unplaced[0].reason.text == (
        "There was no room for it by Sunday 22 November, and later it would not help."
    )


def test_what_a_mock_showed_is_not_worked_on_without_the_mock() -> None:
    mock = replace(step("A paper", Kind.MOCK, minutes=90), whole=True)
    placement = placed([mock, step("Mend the errors", Kind.PRACTICE, 0)])
    assert placement.pieces == ()
    assert placement.unplaced[0].reason.text == "It takes 90 minutes in one piece, and no free time is that long."
    assert placement.unplaced[1].reason.text == "It builds on “A paper”, for which there was no time."


def test_a_reason_names_exactly_the_session_that_it_builds_on() -> None:
    steps = [
        step("Cells"),
        step("Genes"),
        step("Practise cells", Kind.PRACTICE, 0),
        step("Genes again", Kind.RECALL, 1),
        Step("Old units", "", "Biology", Kind.RECALL, 30, after=(), since=Since("Plants", MONDAY - timedelta(days=9))),
        Step("Nothing before", "", "Biology", Kind.RECALL, 30, after=(0, 1)),
    ]
    pieces = {piece.title: piece for piece in placed(steps).pieces}
    for title, before in (("Practise cells", "Cells"), ("Genes again", "Genes")):
        days = (pieces[title].day - pieces[before].day).days
        doing = "Practice" if pieces[title].kind is Kind.PRACTICE else "Recall"
        when = f"{days} day{'' if days == 1 else 's'} after" if days else "on the same day as"
        assert pieces[title].reason.text == f"{doing} placed {when} “{before}”."
    old = pieces["Old units"]
    assert old.reason.text == f"Recall placed {(old.day - MONDAY).days + 9} days after “Plants”."
    assert pieces["Nothing before"].reason.code == "spread"


def test_the_last_of_several_is_named_by_the_title_of_its_last_part() -> None:
    def halves(part: int, parts: int) -> tuple[str, str]:
        return f"Genes, half {part} of {parts}", f"Read half {part}"

    steps = [
        step("Cells"),
        replace(step("Genes", Kind.LEARN, 0, minutes=90), in_parts=halves),
        step("Mixed", Kind.PRACTICE, 0, 1),
    ]
    pieces = placed(steps).pieces
    assert [(piece.title, piece.detail) for piece in pieces[1:3]] == [
        ("Genes, half 1 of 2", "Read half 1"),
        ("Genes, half 2 of 2", "Read half 2"),
    ]
    assert "“Genes, half 2 of 2”" in pieces[3].reason.text
    assert pieces[2].reason.code == "continues"


def test_a_mock_is_said_to_come_after_what_it_tests_only_where_it_does() -> None:
    paper = Step("A paper", "", "Biology", Kind.MOCK, 45, after=(0,))
    assert placed([step("Cells"), paper]).pieces[1].reason.text == "Mock test placed after what it tests."
    diagnostic = replace(paper, after=())
    codes = {piece.title: piece.reason.code for piece in placed([step("Cells"), diagnostic]).pieces}
    assert codes["A paper"] == "spread"


def test_only_what_all_else_builds_on_is_said_to_come_first_for_that() -> None:
    codes = [piece.reason.code for piece in placed([step("Cells"), step("Practise", Kind.PRACTICE, 0)]).pieces]
    assert codes == ["first", "same_day" if codes[1] == "same_day" else "spaced"]
    assert {piece.reason.code for piece in placed([step("Cells"), step("Genes")]).pieces} == {"spread"}


def test_days_within_which_a_step_helps_are_kept() -> None:
    steps = [
        replace(step("Early", Kind.RECALL), latest_day=MONDAY + timedelta(days=1)),
        replace(step("Late", Kind.RECALL), earliest_day=MONDAY + timedelta(days=5)),
    ]
    early, late = placed(steps).pieces
    assert early.day <= MONDAY + timedelta(days=1)
    assert late.day >= MONDAY + timedelta(days=5)


def test_each_step_comes_before_the_next_exam_that_it_can_still_reach() -> None:
    week = replace(WEEK, exams=tuple(Exam("Biology", MONDAY + timedelta(days=day)) for day in (2, 5)))
    pieces = placed([step(f"Unit {number}") for number in range(7)], week).pieces
    days = [(piece.day - MONDAY).days for piece in pieces]
    assert days == [0, 0, 1, 1, 3, 3, 4]
    assert pieces[0].reason.text == "Learning placed 2 days before the Biology exam."
    assert pieces[-1].reason.text == "Learning placed 1 day before the Biology exam."


def test_an_exam_that_is_today_is_over() -> None:
    week = replace(WEEK, exams=(Exam("Biology", MONDAY),))
    (piece,) = placed([step("Cells")], week).pieces
    assert piece.reason.code == "spread"


def test_which_exams_concern_a_step_may_be_said_from_outside() -> None:
    wednesday = MONDAY + timedelta(days=2)
    named = replace(step("Limits", topic="Calculus"), exams=(wednesday,))
    keyed = replace(step("Angles", topic="Trigonometry"), topic_key="math")
    week = replace(
        WEEK,
        windows=WEEK.windows[2:],
        exams=(Exam("Maths final", wednesday, topic_key="math"), Exam("Calculus", MONDAY)),
    )
    placement = place([named, keyed], week)
    assert {left.reason.code for left in placement.unplaced} == {"exam_too_soon"}


def test_steps_that_name_no_earlier_step_are_placed_as_if_they_named_none() -> None:
    odd = Step("Odd", "", "Biology", Kind.LEARN, 45, after=(0, 5, -1), builds_on=(7,))
    assert {piece.title for piece in place([odd, step("Cells")], WEEK).pieces} == {"Odd", "Cells"}


def test_a_step_needs_the_lessons_that_the_last_one_before_it_does_not_come_after() -> None:
    too_late = replace(step("Cells"), latest_day=MONDAY - timedelta(days=1))
    last = Step("Genes", "Read", "Biology", Kind.LEARN, 45)
    placement = placed([too_late, step("Tissues"), last])
    assert [piece.title for piece in placement.pieces] == ["Tissues"]
