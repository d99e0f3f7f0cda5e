"""The scheduler's sentences: each by its name and the values that it tells, in the plan's language.

Their wording is in `sentences/`, a file a language. Values come as they are (a day is a date, a length is minutes), so
that each language tells them its own way.
"""

from datetime import date
from enum import StrEnum

from schediora.languages.sentences import Sentences
from schediora.planner.scheduler.problem import Kind, WhichWeek

Value = str | int | date | Kind | WhichWeek | None


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
    STILL_AHEAD = "still_ahead"
    """Stays, because its time is still ahead and there is much to place; what the student can do."""
    DUE = "due"
    """Lies before the end of the day on which it is due; kind, day."""
    LATE = "late"
    """Comes first, as it has been due since a day that is past; day."""
    MOVED = "moved"
    """Why it did not stay, then why it is where it is; cause, reason."""
    MISSED_ON = "missed_on"
    """Cause: it was missed on a day of this week; day."""
    MISSED_ON_DATE = "missed_on_date"
    """Cause: it was missed on a day of an earlier week; day."""
    DUE_EARLIER = "due_earlier"
    """Cause: it lay after the day on which it is due; day."""
    EXAM_EARLIER = "exam_earlier"
    """Cause: it lay after its exam; topic, day."""
    EXAM_THAT_DAY = "exam_that_day"
    """Cause: it lay on the day of its exam, on which that is over for planning; topic, day."""
    DAY_IS_OFF = "day_is_off"
    """Cause: it lay on a day off; day."""
    TIME_IS_TAKEN = "time_is_taken"
    """Cause: something else lies at its time."""
    COMES_AFTER = "comes_after"
    """Cause: what it comes after lies later now; title."""
    COMES_BEFORE = "comes_before"
    """Cause: what comes after it lies earlier now; title."""
    OFF_MARK = "off_mark"
    """Cause: its time is on no mark of five minutes, on which sessions start."""
    OUTSIDE_HOURS = "outside_hours"
    """Cause: its time does not fit the student's hours."""
    DAY_WAS_FULL = "day_was_full"
    """Cause: its day held more minutes than the student's daily hours."""
    MADE_ROOM = "made_room"
    """Cause: another session has the minutes of its day now."""
    REARRANGED = "rearranged"
    """Cause: none by itself; the week was placed anew as a whole."""
    AFTER_UNPLACED_STEP = "after_unplaced_step"
    """Builds on a step that has no place; title."""
    EXAM_TOO_SOON = "exam_too_soon"
    """No room before the exam; topic, day."""
    DUE_TOO_SOON = "due_too_soon"
    """No room before the end of the day on which it is due; day."""
    WAY_OUT = "way_out"
    """What helps a session that has no room, after why it has none."""
    NO_FREE_TIME = "no_free_time"
    """No free time at all is left in the week; week."""
    ONLY_DAYS_OFF = "only_days_off"
    """What time is left in the week lies on days off; week."""
    NO_ROOM = "no_room"
    """No room for these minutes; minutes, week."""
    NO_ROOM_IN_ONE_PIECE = "no_room_in_one_piece"
    """Takes these minutes in one piece, for which no free stretch is long enough; minutes."""
    TOO_LATE = "too_late"
    """There was no room for it by the day by which it helps; day."""
    TOO_MANY = "too_many"
    """Too many sessions were missed to place all of them at once; what would help."""
    WEEK_FULL = "week_full"
    """Stays, because the week holds as many sessions as a week can; sessions (their number), what would help."""
    PINNED = "pinned"
    """Was missed at a time that the student chose; what would help."""
    IN_PROGRESS = "in_progress"
    """Was begun on a day that is past, and not finished; what would help."""
    MORE_HOURS = "more_hours"
    """With so much study a day everything fits; minutes."""
    WIDER_WINDOW = "wider_window"
    """With time to study on a weekday everything fits; day, start, end (minutes of the day)."""
    OTHER_LENGTH = "other_length"
    """With sessions of up to these minutes everything fits; minutes."""
    NO_SINGLE_CHANGE = "no_single_change"
    """No one change of preferences makes room for everything; week."""
    NO_WINDOWS = "no_windows"
    """The student's hours leave no time in the week; week, what would help."""
    WINDOWS_TOO_SHORT = "windows_too_short"
    """Free stretches are all shorter than a session; minutes (what one takes at least), what would help."""
    TOO_LITTLE_TIME = "too_little_time"
    """The free time is too little for the shortest step; minutes (what it takes), week, what would help."""
    EXAM_IN_THE_WAY = "exam_in_the_way"
    """There is no free time before the exam; topic, day, what would help."""
    ALL_BUSY = "all_busy"
    """Other sessions fill the student's hours; week, what would help."""
    DAYS_OFF = "days_off"
    """What time is left in the week lies on days off; week, what would help."""


_SENTENCES = Sentences(__package__)
_NO_KIND = "session"


def sentence(phrase: Phrase, language: str = "en", **values: Value) -> str:
    """Return the sentence that `phrase` names, with `values`, in `language` (BCP 47), or in English where there is
    none.
    """
    told = {name: _NO_KIND if value is None else value for name, value in values.items()}
    return _SENTENCES.say(phrase, language, **told)
