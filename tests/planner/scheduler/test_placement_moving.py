"""Sessions that were missed, or stand in the way, find a new time around what stays."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from schediora.localtime import at_minute, zone
from schediora.planner.scheduler.placement import Busy, Exam, Kind, Movable, Moves, Week, Window, place_again
from tests.planner.scheduler.placement_rules import broken_by_moves

MONDAY = date(2026, 11, 23)
WEDNESDAY = MONDAY + timedelta(days=2)
BERLIN = zone("Europe/Berlin")
AFTERNOONS = tuple(Window(weekday, 14 * 60, 20 * 60) for weekday in range(1, 8))
WEEK = Week(MONDAY, at_minute(WEDNESDAY, 0, BERLIN), BERLIN, AFTERNOONS, 120, 45)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return at_minute(MONDAY + timedelta(days=day), hour * 60 + minute, BERLIN)


def session(
    number: int, starts_at: datetime, kind: Kind | None = Kind.LEARN, topic: str = "Biology", minutes: int = 45
) -> Movable:
    return Movable(UUID(int=number), f"Session {number}", topic, minutes, starts_at, kind)


def moved(movable: list[Movable], week: Week = WEEK) -> Moves:
    moves = place_again(movable, week)
    assert broken_by_moves(movable, week, moves) == []
    return moves


def test_only_what_was_missed_moves_when_there_is_room() -> None:
    missed, ahead = session(1, at(0, 15), topic="Math"), session(2, at(3, 15))
    moves = moved([missed, ahead]).moves
    assert {move.id: move.kept for move in moves} == {missed.id: False, ahead.id: True}
    assert [move.reason.code for move in moves if move.kept] == ["kept"]


def test_what_was_missed_comes_before_what_follows_it_in_its_topic() -> None:
    missed, ahead = session(1, at(0, 15)), session(2, at(3, 15), Kind.PRACTICE)
    first, second = moved([missed, ahead]).moves
    assert (first.id, second.id, second.kept) == (missed.id, ahead.id, True)


def test_what_follows_makes_room_when_nothing_is_free_before_it() -> None:
    missed, ahead = session(1, at(0, 15)), session(2, at(2, 14), Kind.PRACTICE)
    first, second = moved([ahead, missed]).moves
    assert (first.id, second.id) == (missed.id, ahead.id)
    assert not second.kept


def test_nothing_is_put_where_a_pinned_or_done_session_is() -> None:
    pinned = tuple(Busy(at(day, 14), 90, MONDAY + timedelta(days=day), "Math") for day in range(2, 7))
    moves = moved([session(1, at(0, 15), minutes=30), session(2, at(1, 15), minutes=45)], replace(WEEK, busy=pinned))
    assert len(moves.moves) == 1
    assert len(moves.impossible) == 1
    assert moves.impossible[0].reason.code == "no_time_left"


def test_a_length_stays_as_it_is_even_beyond_the_longest_session() -> None:
    (move,) = moved([session(1, at(0, 15), kind=None, minutes=117)]).moves
    assert move.starts_at == at(2, 14)


def test_what_is_too_long_for_any_day_is_impossible_and_stays() -> None:
    long, short = session(1, at(2, 14), kind=None, minutes=180), session(2, at(0, 15))
    moves = moved([long, short])
    assert [impossible.id for impossible in moves.impossible] == [long.id]
    assert [move.id for move in moves.moves] == [short.id]


def test_an_exam_cuts_off_what_comes_after_it() -> None:
    week = replace(WEEK, now=at(2, 20), exams=(Exam("Biology", WEDNESDAY + timedelta(days=1)),))
    moves = moved([session(1, at(0, 15)), session(2, at(4, 15), topic="Math")], week)
    assert [impossible.reason.code for impossible in moves.impossible] == ["exam_too_soon"]
    assert [move.kept for move in moves.moves] == [True]


def test_a_session_without_a_place_takes_no_other_down_with_it() -> None:
    learning = session(1, at(0, 15), minutes=180)
    practice = session(2, at(1, 15), Kind.PRACTICE)
    moves = moved([learning, practice])
    assert [move.id for move in moves.moves] == [practice.id]
    assert moves.moves[0].starts_at >= WEEK.now


def test_a_session_outside_availability_moves_into_it() -> None:
    (move,) = moved([session(1, at(3, 9))]).moves
    assert not move.kept


def test_nothing_to_move_is_an_empty_answer() -> None:
    assert place_again([], WEEK) == Moves((), ())


def test_what_a_session_says_that_it_builds_on_goes_before_the_usual_order_of_its_topic() -> None:
    practice = replace(session(1, at(0, 15), Kind.PRACTICE), after=(UUID(int=2),), builds_on=(UUID(int=2),))
    own_lesson = session(2, at(0, 17))
    first, second = place_again([practice, own_lesson], WEEK).moves
    assert (first.id, second.id) == (own_lesson.id, practice.id)


def test_what_was_missed_and_comes_after_what_is_ahead_does_not_hold_back_what_lies_between() -> None:
    lesson, own = replace(session(1, at(4, 14)), after=()), session(3, at(3, 14), None)
    without_room = replace(session(2, at(0, 15), Kind.PRACTICE, minutes=180), after=(lesson.id,))
    answer = moved([without_room, own, lesson])
    assert [(move.id, move.kept) for move in answer.moves] == [(own.id, True), (lesson.id, True)]
    assert [left.id for left in answer.impossible] == [without_room.id]
