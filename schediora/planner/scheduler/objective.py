"""The objective: what makes one placement better than another, as one integer.

    objective = VALUE_WEIGHT * value of the steps placed - cost of how they are placed

Placing more comes first: one unit of value outweighs any cost. Among placements of equal value the cheapest is best.
The cost is a sum of

- spread: for each day, the square of its minutes (what was there included) less the square of what was there, in
  squared cells of five minutes;
- spacing: for each recall and review, the days by which it misses the best gap after the learning that it goes back to;
- interleaving: each two neighbouring sessions of one local day that are of the same topic, at least one of them new;
- breath: each five minutes missing from the ten between neighbouring sessions of one local day, at least one of them
  new;
- slack: minutes placed on the last two days before the exam, and after an exam with another one to come;
- evening: minutes after 20:00 and after 22:00, wall-clock time;
- hours: sessions that start before 06:00 or before the afternoon. Where it is known at what hours the student studies,
  those come first instead, and only the night before 06:00 counts besides, as far as it is no end of their day.

"Neighbouring" means next to each other in time on one local day, whatever lies between; a session takes whole cells.

The weights are set against each other by one case: two sessions of 45 minutes on one day rather than on two cost 162
in spread. One day of missed spacing (150) is worth about that; two neighbours of one topic (60) or no breath at all
(40) a third of it; an evening costs least, so that evenings are used when the day is full, and before anything is
crowded together.
"""

from collections.abc import Sequence

from schediora.planner.scheduler.problem import Kind

VALUE_WEIGHT = 1_000_000
"""More than any cost of a week: seven full days of 16 hours squared are 258,048, as much lies after an exam at most,
and the other terms together stay below that."""

VALUE_PER_MINUTE = {Kind.LEARN: 6, Kind.MOCK: 6, Kind.RECALL: 5, Kind.REVIEW: 5, Kind.PRACTICE: 4}
"""A minute of learning is worth most, as the rest builds on it, and a mock as much, as it shows what to learn; then
what comes back after a while: practice testing and distributed practice are the two techniques of high utility in
Dunlosky et al. (2013). Practice right after learning gives way first."""

SPACING_SHORT = 150
"""A day too early costs most: it is what spacing is for."""

SPACING_LONG = 50
"""A day too late is still retrieval after a gap (Cepeda et al. 2008: past the best gap retention falls off slowly)."""

SAME_TOPIC = 60
"""Rohrer et al. (2014): mixed topics beat blocks of one."""

BREATH_CELLS = 2
MISSING_BREATH = 20
"""For each five minutes missing from ten: sessions back to back overrun into each other."""

LAST_DAYS = {1: 6, 2: 2}
"""For each cell one or two days before the exam: a session missed there cannot be made up."""

LATE_DAY = 2_000
"""For each day that passes before something that is past its deadline: more than crowding an ordinary day costs."""

LATE_FACTOR = 50
"""What is past its deadline is worth so much more than anything else: it is placed first."""

AFTER_AN_EXAM = 200
"""For each cell after an exam that it can prepare for too: a day of 16 hours is filled up before that."""

MORNING_MINUTE = 6 * 60
AFTERNOON_MINUTE = 14 * 60
EVENING_MINUTE = 20 * 60
NIGHT_MINUTE = 22 * 60
MORNING_CELL = 1
EVENING_CELL = 2
NIGHT_CELL = 5
UNUSUAL_CELL = 3
"""For each cell at an hour at which the student is never seen."""

GAP_WITHOUT_EXAM = (2, 4)
"""Days from learning to review when no exam is near: 20 to 40 % of ten days, so that next week remembers this one."""


def value(kind: Kind | None, minutes: int) -> int:
    """Return what placing a step of `minutes` is worth. A session that the student made (no kind) counts like
    learning.
    """
    return minutes * VALUE_PER_MINUTE[kind or Kind.LEARN]


def spread_cost(busy_minutes: int, placed_minutes: int) -> int:
    """Return what `placed_minutes` cost on a day that already has `busy_minutes`."""
    return ((busy_minutes + placed_minutes) ** 2 - busy_minutes**2) // 25


def breath_cost(gap_cells: int) -> int:
    """Return the cost of a gap, in cells, between neighbouring sessions."""
    return MISSING_BREATH * max(0, BREATH_CELLS - gap_cells)


def evening_cost(minute: int) -> int:
    """Return the cost of using the cell at `minute` of the student's day: 1500 is one in the night after it."""
    if minute >= NIGHT_MINUTE:
        return NIGHT_CELL
    return EVENING_CELL if minute >= EVENING_MINUTE else 0


def starting_cost(minute: int) -> int:
    """Return the cost, for each of its cells, of a session that starts at `minute` of the student's day."""
    if minute < MORNING_MINUTE:
        return NIGHT_CELL
    return MORNING_CELL if minute < AFTERNOON_MINUTE else 0


def habit_costs(hours: Sequence[int], day_starts_at: int = 0) -> tuple[int, ...]:
    """Return the cost, for each of its cells, of a session that starts in each hour of the day (0 to 23), when those
    of the past started in `hours`.

    An hour counts with half of the ones beside it, the commonest costs nothing; the night before 06:00 is none of
    them, but for the hours in which the student's day, which starts `day_starts_at` minutes after midnight, ends.
    """
    morning, late = MORNING_MINUTE // 60, -(-day_starts_at // 60)
    awake = [*range(morning, 24), *range(late)]
    often = {
        hour: 2 * hours.count(hour)
        + sum(hours.count(beside % 24) for beside in (hour - 1, hour + 1) if late or 0 <= beside < 24)
        for hour in awake
    }
    most = max(often.values()) or 1
    costs = {hour: round(UNUSUAL_CELL * (most - count) / most) for hour, count in often.items()}
    return tuple(costs.get(hour, NIGHT_CELL) for hour in range(24))


def exam_cost(exams: Sequence[int], day: int, cells: int) -> int | None:
    """Return the cost of `cells` on `day` for what prepares for `exams` (days, the nearest first), None on the day of
    one and after the last.
    """
    ahead = [exam for exam in exams if exam > day]
    if day in exams or (exams and not ahead):
        return None
    if not ahead:
        return 0
    return cells * (LAST_DAYS.get(ahead[0] - day, 0) + (AFTER_AN_EXAM if len(ahead) < len(exams) else 0))


def best_gap(kind: Kind | None, days_to_exam: int | None) -> tuple[int, int] | None:
    """Return the fewest and most days that should lie between learning and a session of `kind`; None when it does not
    matter.

    20 to 40 % of the time to the exam (Cepeda et al. 2008), at least a day, as seen on the first day of the week that
    can be used. A recall may come the day after.
    """
    if kind not in (Kind.RECALL, Kind.REVIEW):
        return None
    fewest, most = GAP_WITHOUT_EXAM
    if days_to_exam is not None:
        fewest = max(1, -(-days_to_exam // 5))
        most = max(fewest, days_to_exam * 2 // 5)
    return (1 if kind is Kind.RECALL else fewest), most


def spacing_cost(gap: tuple[int, int] | None, days: int) -> int:
    """Return the cost of `days` between learning and going back to it, when `gap` would be best."""
    if gap is None:
        return 0
    fewest, most = gap
    return SPACING_SHORT * max(0, fewest - days) + SPACING_LONG * max(0, days - most)
