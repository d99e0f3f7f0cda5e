"""The sentences that a student reads: why a session is where it is, and why a step found no place."""

from datetime import date

from schediora.localtime import DAYS_A_WEEK
from schediora.planner.scheduler.problem import Kind, Reason, ReasonCode

_DOING = {
    Kind.LEARN: "Learning",
    Kind.PRACTICE: "Practice",
    Kind.RECALL: "Recall",
    Kind.REVIEW: "Review",
    Kind.MOCK: "Mock test",
}
_BUILDS_ON_LEARNING = (Kind.PRACTICE, Kind.RECALL, Kind.REVIEW)


def days_long(days: int) -> str:
    """Return a number of days in words: 1 day, 3 days."""
    return "1 day" if days == 1 else f"{days} days"


def spoken(day: date) -> str:
    """Return a date as it is said: Wednesday 25 November."""
    return f"{day:%A} {day.day} {day:%B}"


def why_here(
    kind: Kind | None,
    topic: str,
    day: date,
    *,
    part: int = 1,
    previous_part: date | None = None,
    learnt: date | None = None,
    exam: date | None = None,
    is_first: bool = False,
) -> Reason:
    """Return why a session is on `day`, given when its earlier part and the learning it goes back to are, and when
    the exam is.
    """
    doing = _DOING[kind] if kind else "Session"
    if part > 1 and previous_part is not None:
        when = "later on the same day" if previous_part == day else f"{days_long((day - previous_part).days)} later"
        return Reason(ReasonCode.CONTINUES, f"Continues part {part - 1} {when}.")
    if kind in _BUILDS_ON_LEARNING and learnt is not None and learnt <= day:
        if day > learnt:
            return Reason(
                ReasonCode.SPACED, f"{doing} placed {days_long((day - learnt).days)} after the learning it builds on."
            )
        return Reason(ReasonCode.SAME_DAY, f"{doing} placed on the day of the learning it builds on.")
    if exam is not None and (exam - day).days <= DAYS_A_WEEK:
        return Reason(ReasonCode.BEFORE_EXAM, f"{doing} placed {days_long((exam - day).days)} before the {topic} exam.")
    if kind is Kind.MOCK:
        return Reason(ReasonCode.AFTER_LEARNING, "Mock test placed after what it tests.")
    if is_first:
        return Reason(ReasonCode.FIRST, "Placed first, because the rest builds on it.")
    return Reason(ReasonCode.SPREAD, f"{doing} placed on {day:%A}, so that no day is too full.")


def why_nowhere(
    topic: str, minutes: int, *, free_minutes: int, exam: date | None, exam_cuts: bool, builds_on: str | None
) -> Reason:
    """Return why a session or step of `minutes` has no place, given the step it builds on when that one has none
    either.
    """
    if builds_on is not None:
        return Reason(ReasonCode.AFTER_UNPLACED_STEP, f"It builds on “{builds_on}”, for which there was no time.")
    if exam is not None and exam_cuts:
        return Reason(
            ReasonCode.EXAM_TOO_SOON, f"There is not enough free time before the {topic} exam on {spoken(exam)}."
        )
    if free_minutes == 0:
        return Reason(ReasonCode.NO_TIME_LEFT, "There is no free study time left in this week.")
    return Reason(
        ReasonCode.NO_TIME_LEFT, f"There is no room left for its {minutes} minutes in this week's free study time."
    )
