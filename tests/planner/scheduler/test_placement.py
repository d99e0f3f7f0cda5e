"""Weeks that a student has: what is placed where, and what is said about the rest."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from schediora.localtime import at_minute, local_day, zone
from schediora.planner.scheduler.placement import Busy, Exam, Kind, Placement, Step, Week, Window, choose_week, place
from schediora.planner.scheduler.suggestion import with_change
from tests.planner.scheduler.placement_rules import broken_rules

MONDAY = date(2026, 11, 23)
BERLIN = zone("Europe/Berlin")
ALL_DAY = tuple(Window(weekday, 8 * 60, 22 * 60) for weekday in range(1, 8))
KINDS: tuple[Kind, ...] = (Kind.LEARN, Kind.PRACTICE, Kind.LEARN, Kind.PRACTICE, Kind.RECALL, Kind.REVIEW, Kind.MOCK)


def outline(*minutes: int, kinds: tuple[Kind, ...] = KINDS, topic: str = "Biology") -> list[Step]:
    return [Step(f"Step {n}", "What to do", topic, kinds[n % len(kinds)], length) for n, length in enumerate(minutes)]


def a_week(**changes: object) -> Week:
    week = Week(MONDAY, at_minute(MONDAY, 0, BERLIN), BERLIN, ALL_DAY, 120, 45)
    return replace(week, **changes)  # type: ignore[arg-type]  # the names are those of the week


def placed(steps: list[Step], week: Week) -> Placement:
    placement = place(steps, week)
    assert broken_rules(steps, week, placement) == []
    return placement


def at(day: date, clock: str, week: Week) -> datetime:
    hours, minutes = clock.split(":")
    return at_minute(day, 60 * int(hours) + int(minutes), week.tz)


LESSON = Step("Cells", "", "Biology", Kind.LEARN, 45)


def test_an_ordinary_week_holds_everything_spread_over_its_days() -> None:
    placement = placed(outline(45, 45, 45, 45, 30, 30, 60), a_week())
    assert placement.unplaced == ()
    assert (placement.suggestion, placement.note) == (None, "")
    assert (placement.needed_minutes, placement.placed_minutes, placement.available_minutes) == (300, 300, 840)
    days = [piece.day for piece in placement.pieces]
    assert len(set(days)) == 7
    assert max(days.count(day) for day in days) == 2


def test_a_review_comes_days_after_learning_and_says_so() -> None:
    steps = [LESSON, Step("Cells again", "", "Biology", Kind.REVIEW, 30, after=(0,), builds_on=(0,))]
    learning, review = placed(steps, a_week()).pieces
    assert review.day - learning.day >= timedelta(days=2)
    assert review.reason.code == "spaced"
    days = (review.day - learning.day).days
    assert review.reason.text == f"Review placed {days} days after “Cells”."


def test_a_near_exam_shortens_the_gap_to_a_fifth_of_the_time_at_least() -> None:
    steps = [Step("Cells", "", "Biology", Kind.LEARN, 45), Step("Cells again", "", "Biology", Kind.REVIEW, 30)]
    learning, review = placed(steps, a_week(exams=(Exam(" biology", MONDAY + timedelta(days=4)),))).pieces
    assert review.day - learning.day == timedelta(days=1)


def test_other_topics_come_between_sessions_of_one_topic() -> None:
    week = a_week(windows=(Window(1, 8 * 60, 12 * 60),), daily_minutes=480)
    steps = outline(30, 30, topic="Math") + outline(30, 30, topic="Biology")
    topics = [piece.topic for piece in placed(steps, week).pieces]
    assert topics in (["Math", "Biology"] * 2, ["Biology", "Math"] * 2)


def test_sessions_of_a_day_leave_ten_minutes_between_them_while_there_is_room() -> None:
    steps = outline(30, 30)
    roomy = placed(steps, a_week(windows=(Window(1, 8 * 60, 9 * 60 + 10),))).pieces
    assert [piece.starts_at for piece in roomy] == [at(MONDAY, "8:00", a_week()), at(MONDAY, "8:40", a_week())]
    tight = placed(steps, a_week(windows=(Window(1, 8 * 60, 9 * 60),))).pieces
    assert [piece.starts_at for piece in tight] == [at(MONDAY, "8:00", a_week()), at(MONDAY, "8:30", a_week())]


def test_on_sunday_night_the_whole_plan_goes_to_next_week() -> None:
    steps = outline(45, 45, 45, 45, 30, 30, 60)
    night = at(MONDAY + timedelta(days=6), "21:10", a_week())
    this_week, next_week = a_week(now=night), a_week(now=night, monday=MONDAY + timedelta(days=7))
    week, placement = choose_week(steps, this_week, next_week)
    assert week == next_week
    assert placement.unplaced == ()
    assert min(piece.day for piece in placement.pieces) == MONDAY + timedelta(days=7)


def test_this_week_is_kept_when_it_holds_just_half() -> None:
    sunday = MONDAY + timedelta(days=6)
    half = a_week(now=at(sunday, "20:30", a_week()))
    later = a_week(now=half.now, monday=MONDAY + timedelta(days=7))
    week, placement = choose_week(outline(45, 45, 45, 45), half, later)
    assert (week, placement.placed_minutes) == (half, 90)
    week, placement = choose_week(outline(45, 45, 45, 50), half, later)
    assert (week, placement.placed_minutes) == (later, 185)


def test_a_little_this_week_is_better_than_nothing_before_the_exam() -> None:
    sunday = MONDAY + timedelta(days=6)
    this_week = a_week(now=at(sunday, "21:00", a_week()), exams=(Exam("Biology", sunday + timedelta(days=1)),))
    next_week = replace(this_week, monday=MONDAY + timedelta(days=7))
    week, placement = choose_week(outline(45, 45, 45, 45), this_week, next_week)
    assert week == this_week
    assert [piece.minutes for piece in placement.pieces] == [45]


def test_in_a_full_week_nothing_is_placed_and_the_student_is_told() -> None:
    busy = tuple(
        Busy(at(day, "8:00", a_week()), 120, day, "Math") for day in (MONDAY + timedelta(days=n) for n in range(7))
    )
    week = a_week(busy=busy)
    placement = placed(outline(45, 45), week)
    assert (placement.pieces, placement.available_minutes) == ((), 0)
    assert placement.unplaced[0].reason.code == "no_time_left"
    assert placement.unplaced[0].reason.text == "There is no free study time left in this week."
    assert placement.unplaced[1].reason.code == "after_unplaced_step"
    assert placement.unplaced[1].reason.text == "It builds on “Step 0”, for which there was no time."


def test_everything_ends_before_the_day_of_an_exam_on_wednesday() -> None:
    week = a_week(exams=(Exam("biology ", MONDAY + timedelta(days=2)),))
    placement = placed(outline(45, 45, 45, 45, 45, 45, 45), week)
    assert {piece.day for piece in placement.pieces} == {MONDAY, MONDAY + timedelta(days=1)}
    assert placement.available_minutes == 240
    codes = {unplaced.reason.code for unplaced in placement.unplaced}
    assert codes <= {"exam_too_soon", "after_unplaced_step"}
    assert placement.unplaced[0].reason.text == (
        "There is not enough free time before the Biology exam on Wednesday 25 November."
    )


def test_an_exam_that_is_over_cuts_nothing_off() -> None:
    week = a_week(
        now=at(MONDAY + timedelta(days=3), "0:00", a_week()), exams=(Exam("Biology", MONDAY + timedelta(days=2)),)
    )
    assert placed(outline(45, 45), week).unplaced == ()


def test_practice_gives_way_first_and_no_step_is_placed_without_what_it_builds_on() -> None:
    steps = outline(45, 45, 45, 45, 45, kinds=(Kind.LEARN, Kind.PRACTICE, Kind.RECALL, Kind.REVIEW, Kind.LEARN))
    placement = placed(steps, a_week(windows=(Window(1, 480, 1320), Window(3, 480, 1320)), daily_minutes=90))
    assert [piece.step for piece in placement.pieces] == [0, 2, 3, 4]


@pytest.mark.parametrize(("session_minutes", "lengths"), [(15, [15] * 6), (17, [15] * 6), (180, [90])])
def test_the_longest_session_decides_how_a_step_is_split(session_minutes: int, lengths: list[int]) -> None:
    pieces = placed(outline(90), a_week(session_minutes=session_minutes)).pieces
    assert [piece.minutes for piece in pieces] == lengths
    parts = len(lengths)
    titles = [f"Step 0 ({n}/{parts})" for n in range(1, parts + 1)] if parts > 1 else ["Step 0"]
    assert [piece.title for piece in pieces] == titles


@pytest.mark.parametrize(
    ("day", "windows", "hours"),
    [(date(2026, 3, 29), (60, 240), 2), (date(2026, 10, 25), (60, 240), 4)],  # from one to four o'clock
)
def test_a_day_of_23_or_25_hours_has_an_hour_less_or_more(day: date, windows: tuple[int, int], hours: int) -> None:
    week = a_week(
        monday=day - timedelta(days=6),
        now=at_minute(day, 0, BERLIN),
        windows=(Window(7, *windows),),
        daily_minutes=600,
        session_minutes=60,
    )
    placement = placed(outline(*[60] * 5, kinds=(Kind.PRACTICE,)), week)
    assert len(placement.pieces) == hours
    assert placement.available_minutes == hours * 60


def test_a_day_that_the_calendar_skips_holds_nothing() -> None:
    apia = zone("Pacific/Apia")
    monday = date(2011, 12, 26)
    week = a_week(monday=monday, tz=apia, now=at_minute(monday, 0, apia), windows=(Window(5, 0, 1440),))
    assert placed(outline(45), week).pieces == ()


def test_what_is_there_already_counts_on_the_day_it_was_put_on() -> None:
    start = at(MONDAY, "8:00", a_week())
    travelled = Busy(start, 60, MONDAY + timedelta(days=1), "Math")
    week = a_week(windows=(Window(1, 480, 660), Window(2, 480, 660)), daily_minutes=60, busy=(travelled,))
    assert [piece.day for piece in placed(outline(60, 60), replace(week, session_minutes=60)).pieces] == [MONDAY]


@pytest.mark.parametrize(
    ("week", "change"),
    [
        (a_week(daily_minutes=30, session_minutes=30), "daily_hours"),
        (a_week(windows=(Window(1, 480, 540),), daily_minutes=240), "window"),
        (a_week(), "session_minutes"),
    ],
)
def test_the_suggestion_makes_everything_fit_when_it_is_followed(week: Week, change: str) -> None:
    steps = outline(45, 45, 45, 45, 45)
    if change == "session_minutes":
        steps.append(Step("A paper", "", "Biology", Kind.MOCK, 90, whole=True))
    placement = placed(steps, week)
    assert placement.unplaced
    assert placement.suggestion is not None
    assert placement.suggestion.change == change
    assert placement.note == placement.suggestion.text
    assert placed(steps, with_change(week, placement.suggestion)).unplaced == ()


def test_the_suggestion_is_the_smallest_that_helps() -> None:
    week = a_week(daily_minutes=30, session_minutes=30)
    suggestion = placed(outline(*[30] * 10), week).suggestion
    assert suggestion is not None
    assert suggestion.daily_minutes == 60
    assert suggestion.text == "With 1 hour of study a day, everything fits."


def test_when_no_single_change_helps_the_note_says_so() -> None:
    week = a_week(
        daily_minutes=30, windows=(Window(1, 480, 510),), exams=(Exam("Biology", MONDAY + timedelta(days=1)),)
    )
    placement = placed(outline(25, 45, 45, 45), week)
    assert placement.suggestion is None
    assert placement.note.startswith("No single change")


def test_no_steps_need_no_time() -> None:
    assert placed([], a_week()) == Placement((), (), 0, 840)


def test_pieces_carry_what_the_step_says_and_the_local_day() -> None:
    kiritimati = zone("Pacific/Kiritimati")
    week = a_week(tz=kiritimati, now=at_minute(MONDAY, 0, kiritimati))
    (piece,) = placed([Step("Cells", "Read chapter 1", " Biology", Kind.LEARN, 45)], week).pieces
    assert (piece.title, piece.detail, piece.topic, piece.kind) == ("Cells", "Read chapter 1", " Biology", Kind.LEARN)
    assert piece.starts_at.tzinfo is UTC
    assert piece.day == local_day(piece.starts_at, kiritimati)
