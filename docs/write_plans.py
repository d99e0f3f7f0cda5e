"""Writes docs/plans.md: the rules with the numbers that the code holds today, and three weeks planned by the real code.

Run `python -m docs.write_plans`; a test fails while the page is not what this prints.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from schediora import localtime
from schediora.ai import author, leases, situation
from schediora.ai.content import outline
from schediora.ai.content.brief import Brief
from schediora.ai.model import breaker
from schediora.ai.rules import Rules
from schediora.planner import proposal, quotas
from schediora.planner.scheduler import objective, placement, problem
from schediora.planner.scheduler.free_time import free_minutes
from schediora.planner.scheduler.placement import Busy, Exam, Placement, Week, Window

PAGE = Path(__file__).with_name("plans.md")
ZONE = localtime.zone("Asia/Jakarta")
EVENINGS = tuple(Window(weekday, 16 * 60, 21 * 60) for weekday in range(1, 8))
DAILY_MINUTES, SESSION_MINUTES = 120, 45
GOAL, TOPIC = "Pass the semester exam", "Biology"

INTRODUCTION = f"""\
# How plans are made

*Made by `python -m docs.write_plans` from the code itself; do not edit by hand.*

A plan has two halves with a border between them. **What** to study is an outline of {outline.MIN_STEPS} to
{outline.MAX_STEPS} steps, each with a title, a detail, minutes and a kind (`learn`, `practice`, `recall`, `review`,
`mock`); a language model may propose it, and it never holds a date. **When** to study is decided by the scheduler
alone, a pure function: the same outline and the same week give the same plan. Language models are poor at the
second half: on the TravelPlanner benchmark GPT-4 alone met all constraints in 0.6 % of the cases, on NATURAL PLAN's
trips models reach 31 to 35 %, and with a solver behind them over 90 %.

Whoever wrote an outline, a content check stands before the scheduler: distinct and concrete titles, details that
say something, minutes in range, a total that fits the week, no leaked prompt, no markup, no addresses, phone numbers
or characters that no screen shows, the topic's own language.
What fails gets one repair turn that names the faults; then our own rules write the missing steps, or all of them.
The student's words are data in the prompt, never instructions, and go to a model server only when the operator has
switched one on.
"""

HARD_RULES = (
    (
        "Inside the student's windows, which are wall-clock times",
        "A plan that ignores school or sleep is not followed.",
    ),
    ("At most the daily hours a local day, existing sessions counted", "The student said how much is enough."),
    ("No overlap, nothing in the past, starts on marks of five minutes", "A calendar must be possible."),
    ("Before the local day of the topic's exam", "What prepares for an exam is of no use after it."),
    (
        f"Sessions of {problem.SHORTEST_SESSION_MINUTES} minutes up to the student's longest",
        "Shorter is only switching.",
    ),
    (
        "A step's minutes are moved to the nearest total that such sessions make; longer steps are split and numbered",
        "Whole sessions, as even as possible.",
    ),
    (
        "The steps of a topic keep their order; nothing comes before the learning it rests on",
        "Review needs something to review.",
    ),
    ("A step is placed wholly or listed with the reason", "Nothing is dropped in silence."),
)

DUNLOSKY = "Dunlosky et al. 2013"
CEPEDA = "Cepeda et al. 2008"
ROHRER = "Rohrer et al. 2014"
OURS = "our choice"

SOFT_AIMS = (
    (
        "Place the most valuable part first",
        "value a minute: " + ", ".join(f"{kind} {value}" for kind, value in objective.VALUE_PER_MINUTE.items()),
        DUNLOSKY,
    ),
    ("Spread over days", "the square of each day's minutes", DUNLOSKY + " (distributed practice)"),
    (
        "Recall and review 20 to 40 % of the time to the exam after learning",
        f"{objective.SPACING_SHORT} a day too early, {objective.SPACING_LONG} a day too late",
        CEPEDA,
    ),
    (
        "Without an exam, review after a few days",
        f"{objective.GAP_WITHOUT_EXAM[0]} to {objective.GAP_WITHOUT_EXAM[1]} days",
        CEPEDA + ", for a test in ten days",
    ),
    ("Mix topics on a day", f"{objective.SAME_TOPIC} for two neighbours of one topic", ROHRER),
    ("Ten minutes of breath between sessions", f"{objective.MISSING_BREATH} for each five minutes missing", OURS),
    (
        "Keep the last days before an exam free",
        ", ".join(
            f"{cost} for each five minutes {days} day{'s' * (days > 1)} before"
            for days, cost in objective.LAST_DAYS.items()
        ),
        OURS,
    ),
    (
        "Evenings last",
        (
            f"{objective.EVENING_CELL} for each five minutes after {objective.EVENING_MINUTE // 60}:00, "
            f"{objective.NIGHT_CELL} after {objective.NIGHT_MINUTE // 60}:00"
        ),
        OURS,
    ),
)

CONTENT_RULES = (
    ("Practice testing in every week: recall steps and mock tests", DUNLOSKY),
    ("Worked examples before problems of one's own", "Sweller and Cooper 1985"),
    ("Problems of several sub-topics mixed, the method named first", ROHRER),
    ("Sub-topics come back after 20 to 40 % of the time to the exam", CEPEDA),
    ("As the exam nears, the mix moves from learning to recall to mock tests", DUNLOSKY),
    ("Each week goes on where the last ones ended; what was missed comes again", OURS),
)

BOUNDS = (
    (
        "The model's time for one answer, and for a plan with all its tries and the repair turn",
        (
            f"{author.TIMEOUT_SECONDS:g} s as the settings come, {author.MODEL_SECONDS:g} s; "
            f"nothing later than {leases.MODEL_UNTIL.seconds} s after the job was made"
        ),
    ),
    ("The model is asked before the rules write", f"{author.TRIES} times as the settings come"),
    (
        "A provider is left alone after failures in a row that weigh",
        f"{breaker.THRESHOLD}: "
        + ", ".join(f"{code.replace('_', ' ')} {blame}" for code, blame in author.BLAME.items() if blame)
        + "; any answer starts again at 0",
    ),
    ("A job asks no model after", f"{leases.MODEL_CLAIMS} claims or {leases.MODEL_AGE.seconds} s"),
    ("A worker's lease on a job", f"{leases.LEASE.seconds} s"),
    ("A job is given up when its claims by the rules died", f"{leases.RULES_CLAIMS} times"),
    (
        "With less free time than this left in the week, a plan is sized for a whole week",
        f"{situation.WORTH_STARTING_MINUTES} minutes, or half of a whole week's where that is less",
    ),
    ("A replanning places at once", f"{proposal.MOST_AT_ONCE} sessions; of more, those that were missed come first"),
    (
        "A planner holds",
        f"{quotas.SESSIONS_A_WEEK} sessions a local week, {quotas.SESSIONS:,} in all, {quotas.PLANS:,} plans",
    ),
)

WHICH_WEEK = """\
Which week: the rest of this one, from now on; when that cannot hold half of the plan, all of the next, unless the next
one can hold nothing: then this one, with what fits.
"""


def page() -> str:
    """Return the whole page."""
    parts = [
        INTRODUCTION,
        "## Hard rules, never broken\n",
        _table(("rule", "what it is for"), HARD_RULES),
        "## Soft aims, one objective\n",
        "Placing more always wins; among equals the cheapest wins. Costs are in the objective's own units.\n",
        _table(("aim", "weight today", "source"), SOFT_AIMS),
        "## What the rules write\n",
        _table(("rule", "source"), CONTENT_RULES),
        "## Bounds\n",
        _table(("bound", "today"), BOUNDS),
        WHICH_WEEK,
        "## Three examples\n",
        f"In all: {DAILY_MINUTES // 60} hours a day, sessions up to {SESSION_MINUTES} minutes, 16:00 to 21:00.\n",
        *_normal_week(),
        *_sunday_night(),
        *_two_exams(),
    ]
    return "\n".join(parts)


def _normal_week() -> Iterator[str]:
    yield f"### A normal week\n\nMonday 2 March 2026, 08:00. “{GOAL}”, {TOPIC}, nothing in the calendar.\n"
    yield _shown(datetime(2026, 3, 2, 1, tzinfo=UTC))


def _sunday_night() -> Iterator[str]:
    yield "### Sunday night\n\nSunday 8 March 2026, 20:30: half an hour is left of the week; all is for the next.\n"
    yield _shown(datetime(2026, 3, 8, 13, 30, tzinfo=UTC))


def _two_exams() -> Iterator[str]:
    exams = (Exam(TOPIC, date(2026, 3, 6)), Exam("Chemistry", date(2026, 3, 12)))
    busy = tuple(
        Busy(localtime.at_minute(day, 17 * 60, ZONE), 45, day, "Chemistry")
        for day in (date(2026, 3, 3), date(2026, 3, 5))
    )
    yield (
        "### Two exams in ten days\n\n"
        "Monday 2 March 2026, 08:00. Biology's exam is on Friday the 6th, Chemistry's on the 12th; two sessions of\n"
        "Chemistry are in the calendar already, on Tuesday and Thursday from 17:00 to 17:45.\n"
    )
    yield _shown(datetime(2026, 3, 2, 1, tzinfo=UTC), exams=exams, busy=busy)


def _shown(now: datetime, *, exams: tuple[Exam, ...] = (), busy: tuple[Busy, ...] = ()) -> str:
    this_week = Week(
        monday=localtime.week_start(localtime.local_day(now, ZONE)),
        now=now,
        tz=ZONE,
        windows=EVENINGS,
        daily_minutes=DAILY_MINUTES,
        session_minutes=SESSION_MINUTES,
        busy=busy,
        exams=exams,
    )
    next_week = replace(this_week, monday=this_week.monday + timedelta(days=localtime.DAYS_A_WEEK))
    left, whole = free_minutes(this_week), free_minutes(next_week)
    late = situation.is_late(left, whole)
    brief = Brief(
        goal=GOAL,
        topic=TOPIC,
        daily_minutes=DAILY_MINUTES,
        session_minutes=SESSION_MINUTES,
        focus_topics=(TOPIC,),
        exams=exams,
        recent=(),
        today=localtime.local_day(now, ZONE),
        week_start=next_week.monday if late else this_week.monday,
        week_minutes=whole if late else left,
    )
    written = Rules().propose(brief)
    _, placed = placement.choose_week(written.steps, this_week, next_week)
    return f"**{written.title}**\n\n{_sessions(placed)}{_left_out(placed)}"


def _sessions(placed: Placement) -> str:
    rows = [
        (f"{local:%a %d %b %H:%M}", str(piece.minutes), piece.kind, piece.title, piece.reason.text)
        for piece in placed.pieces
        for local in [piece.starts_at.astimezone(ZONE)]
    ]
    return _table(("when", "minutes", "kind", "session", "why here"), rows)


def _left_out(placed: Placement) -> str:
    if not placed.unplaced:
        return ""
    rows = [(left.title, str(left.minutes), left.reason.text) for left in placed.unplaced]
    needs = f"It needs {placed.needed_minutes} minutes; there are {placed.available_minutes}. {placed.note}\n"
    return f"\n{needs}\n{_table(('not placed', 'minutes', 'why'), rows)}"


def _table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
