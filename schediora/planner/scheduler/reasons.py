"""What a student is told: why a session is where it is, and why a step found no place. Only what is true is said."""

from datetime import date

from schediora.localtime import DAYS_A_WEEK
from schediora.planner.scheduler.problem import Kind, Reason, ReasonCode, Since, Week
from schediora.planner.scheduler.sentences import Phrase, Value, sentence


def why_here(
    kind: Kind | None,
    topic: str,
    day: date,
    language: str,
    *,
    part: int = 1,
    previous_part: date | None = None,
    builds_on: Since | None = None,
    exam: date | None = None,
    follows_lessons: bool = False,
    rest_follows: bool = False,
    due: date | None = None,
    late: bool = False,
) -> Reason:
    """Return why a session is on `day`, given the day of its earlier part, the session that it builds on, when the
    exam is, whether it comes after lessons, whether all else of its topic comes after it, and by when it is due, which
    is past when it is `late`.
    """

    def because(code: ReasonCode, phrase: Phrase, **values: Value) -> Reason:
        return Reason(code, sentence(phrase, language, **values))

    goes_back = builds_on is not None and builds_on.day <= day
    # What goes back to a lesson says so in each of its parts; the parts of a lesson itself only go on.
    if part > 1 and previous_part is not None and (kind is Kind.LEARN or not goes_back):
        if previous_part == day:
            return because(ReasonCode.CONTINUES, Phrase.CONTINUES_SAME_DAY, part=part - 1)
        return because(ReasonCode.CONTINUES, Phrase.CONTINUES, part=part - 1, days=(day - previous_part).days)
    if due is not None and late:
        return because(ReasonCode.DUE, Phrase.LATE, day=due)
    if due is not None and 0 <= (due - day).days <= DAYS_A_WEEK:
        return because(ReasonCode.DUE, Phrase.DUE, kind=kind, day=due)
    if builds_on is not None and builds_on.day <= day:
        if builds_on.day == day:
            return because(ReasonCode.SAME_DAY, Phrase.SAME_DAY, kind=kind, title=builds_on.title)
        days = (day - builds_on.day).days
        return because(ReasonCode.SPACED, Phrase.SPACED, kind=kind, days=days, title=builds_on.title)
    if exam is not None and 0 < (exam - day).days <= DAYS_A_WEEK:
        return because(
            ReasonCode.BEFORE_EXAM, Phrase.BEFORE_EXAM, kind=kind, days=(exam - day).days, topic=topic.strip()
        )
    if kind is Kind.MOCK and follows_lessons:
        return because(ReasonCode.AFTER_LEARNING, Phrase.AFTER_LEARNING)
    if rest_follows:
        return because(ReasonCode.FIRST, Phrase.FIRST)
    return because(ReasonCode.SPREAD, Phrase.SPREAD, kind=kind, day=day)


def kept(language: str) -> Reason:
    """Return why a session did not move."""
    return Reason(ReasonCode.KEPT, sentence(Phrase.KEPT, language))


def why_nowhere(
    topic: str,
    minutes: int,
    week: Week,
    *,
    free_minutes: int,
    exam: date | None,
    exam_cuts: bool,
    latest_day: date | None = None,
    whole_beyond: bool = False,
    builds_on: str | None = None,
    due: date | None = None,
    only_days_off: bool = False,
) -> Reason:
    """Return why a session or step of `minutes` has no place in `week`: the step that it builds on has none either,
    the `exam` (which cuts off free time, or not), its own latest day or the day on which it is `due` is too near, it
    would take one piece longer than any free time, or there is no time, or only on days off.
    """
    language = week.language
    if builds_on is not None:
        return Reason(ReasonCode.AFTER_UNPLACED_STEP, sentence(Phrase.AFTER_UNPLACED_STEP, language, title=builds_on))
    if free_minutes and whole_beyond:
        return Reason(ReasonCode.NO_TIME_LEFT, sentence(Phrase.NO_ROOM_IN_ONE_PIECE, language, minutes=minutes))
    if due is not None:
        return Reason(ReasonCode.DUE, sentence(Phrase.DUE_TOO_SOON, language, day=due))
    if exam is not None and exam_cuts:
        return Reason(ReasonCode.EXAM_TOO_SOON, sentence(Phrase.EXAM_TOO_SOON, language, topic=topic.strip(), day=exam))
    if free_minutes == 0:
        nothing = Phrase.ONLY_DAYS_OFF if only_days_off else Phrase.NO_FREE_TIME
        return Reason(ReasonCode.NO_TIME_LEFT, sentence(nothing, language, week=week.which))
    if latest_day is not None:
        return Reason(ReasonCode.NO_TIME_LEFT, sentence(Phrase.TOO_LATE, language, day=latest_day))
    return Reason(ReasonCode.NO_TIME_LEFT, sentence(Phrase.NO_ROOM, language, minutes=minutes, week=week.which))
