"""The scheduler's sentences: each by its name and the values that it tells, in the plan's language.

The only place of its wording. Values come as they are (a day is a date, a length is minutes), so that each language
writes them its own way.
"""

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum

from schediora.planner.scheduler.problem import Kind

Value = str | int | date | Kind | None


class Phrase(StrEnum):
    """A sentence, named for what it says, with the values it takes."""

    CONTINUES = "continues"
    """Goes on with an earlier part; part (its number), days."""
    CONTINUES_SAME_DAY = "continues_same_day"
    """Goes on with an earlier part of the same day; part."""
    SPACED = "spaced"
    """Comes days after what it builds on; kind, days (1 or more), title."""
    SAME_DAY = "same_day"
    """Comes on the day of what it builds on; kind, title."""
    BEFORE_EXAM = "before_exam"
    """Comes days before the exam; kind, days (1 or more), topic."""
    AFTER_LEARNING = "after_learning"
    """A mock test that comes after what it tests."""
    FIRST = "first"
    """Comes first, as others build on it."""
    SPREAD = "spread"
    """Lies on a day so that no day is too full; kind, day."""
    KEPT = "kept"
    """Stays where it was."""
    AFTER_UNPLACED_STEP = "after_unplaced_step"
    """Builds on a step that has no place; title."""
    EXAM_TOO_SOON = "exam_too_soon"
    """No room before the exam; topic, day."""
    NO_FREE_TIME = "no_free_time"
    """No free time at all is left in the week."""
    NO_ROOM = "no_room"
    """No room for these minutes; minutes."""
    NO_ROOM_IN_ONE_PIECE = "no_room_in_one_piece"
    """Takes these minutes in one piece, for which no free stretch is long enough; minutes."""
    TOO_LATE = "too_late"
    """There was no room for it by the day by which it helps; day."""
    MORE_HOURS = "more_hours"
    """With so much study a day everything fits; minutes."""
    WIDER_WINDOW = "wider_window"
    """With time to study on a weekday everything fits; day, start, end (minutes of the day)."""
    OTHER_LENGTH = "other_length"
    """With sessions of up to these minutes everything fits; minutes."""
    NO_SINGLE_CHANGE = "no_single_change"
    """No one change of preferences makes room for everything."""
    NO_WINDOWS = "no_windows"
    """The student's hours leave no time in the week; what would help."""
    WINDOWS_TOO_SHORT = "windows_too_short"
    """Free stretches are all shorter than a session; minutes (what one takes at least), what would help."""
    TOO_LITTLE_TIME = "too_little_time"
    """The free time is too little for the shortest step; minutes (what it takes), what would help."""
    EXAM_IN_THE_WAY = "exam_in_the_way"
    """There is no free time before the exam; topic, day, what would help."""
    ALL_BUSY = "all_busy"
    """Other sessions fill the student's hours; what would help."""


_DOING: Mapping[Value, str] = {
    Kind.LEARN: "Learning",
    Kind.PRACTICE: "Practice",
    Kind.RECALL: "Recall",
    Kind.REVIEW: "Review",
    Kind.MOCK: "Mock test",
    None: "Session",
}

_ENGLISH: Mapping[Phrase, str] = {
    Phrase.CONTINUES: "Continues part {part} {days} later.",
    Phrase.CONTINUES_SAME_DAY: "Continues part {part} later on the same day.",
    Phrase.SPACED: "{kind} placed {days} after “{title}”.",
    Phrase.SAME_DAY: "{kind} placed on the same day as “{title}”.",
    Phrase.BEFORE_EXAM: "{kind} placed {days} before the {topic} exam.",
    Phrase.AFTER_LEARNING: "Mock test placed after what it tests.",
    Phrase.FIRST: "Placed first, because the rest builds on it.",
    Phrase.SPREAD: "{kind} placed on {weekday}, so that no day is too full.",
    Phrase.KEPT: "Stays where it was.",
    Phrase.AFTER_UNPLACED_STEP: "It builds on “{title}”, for which there was no time.",
    Phrase.EXAM_TOO_SOON: "There is not enough free time before the {topic} exam on {day}.",
    Phrase.NO_FREE_TIME: "There is no free study time left in this week.",
    Phrase.NO_ROOM: "There is no room left for its {minutes} minutes in this week's free study time.",
    Phrase.NO_ROOM_IN_ONE_PIECE: "It takes {minutes} minutes in one piece, and no free time is that long.",
    Phrase.TOO_LATE: "There was no room for it by {day}, and later it would not help.",
    Phrase.MORE_HOURS: "With {hours} of study a day, everything fits.",
    Phrase.WIDER_WINDOW: "With time to study from {start} to {end} on {weekday}, everything fits.",
    Phrase.OTHER_LENGTH: "With sessions of up to {minutes} minutes, everything fits.",
    Phrase.NO_SINGLE_CHANGE: (
        "No single change of hours, availability or session length makes room for everything in this week."
    ),
    Phrase.NO_WINDOWS: "Your study times leave no time in the rest of this week. Add a study time on one of its days.",
    Phrase.WINDOWS_TOO_SHORT: (
        "Your free study times are all shorter than the {minutes} minutes that a session takes. "
        "Make one of your study times longer."
    ),
    Phrase.TOO_LITTLE_TIME: (
        "The free study time left in this week is too little even for the shortest step, of {minutes} minutes. "
        "Add hours a day or study times."
    ),
    Phrase.EXAM_IN_THE_WAY: (
        "There is no free study time before the {topic} exam on {day}. Add a study time on a day before it."
    ),
    Phrase.ALL_BUSY: (
        "Other sessions already fill your study time in this week. Add hours a day or study times, or move a session."
    ),
}


def sentence(phrase: Phrase, language: str = "en", **values: Value) -> str:
    """Return the sentence that `phrase` names, with `values`, in `language` (BCP 47), or in English where there is
    none.
    """
    del language
    told = {name: _ENGLISH_VALUES[name](value) if name in _ENGLISH_VALUES else value for name, value in values.items()}
    day, minutes = values.get("day"), values.get("minutes")
    if isinstance(day, date):
        told["weekday"] = f"{day:%A}"
    if isinstance(minutes, int):
        told["hours"] = "1 hour" if minutes == 60 else f"{minutes / 60:g} hours"
    return _ENGLISH[phrase].format_map(told)


def _days(value: Value) -> str:
    return "1 day" if value == 1 else f"{value} days"


def _day(value: Value) -> str:
    return f"{value:%A} {value.day} {value:%B}" if isinstance(value, date) else str(value)


def _clock(value: Value) -> str:
    return f"{value // 60:02}:{value % 60:02}" if isinstance(value, int) else str(value)


_ENGLISH_VALUES: Mapping[str, Callable[[Value], str]] = {
    "kind": lambda value: _DOING[value],
    "days": _days,
    "day": _day,
    "start": _clock,
    "end": _clock,
}
