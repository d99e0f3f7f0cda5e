"""The examples of docs/plans.md: students' weeks, planned by the real code."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import count

from docs.lives import JAKARTA, WEEK, Habit, Life, Planned
from schediora.memory.replay import Rating
from schediora.planner.scheduler.problem import Kind, Piece

_START = datetime(2026, 3, 2, 1, tzinfo=UTC)
_EXAM = date(2026, 4, 17)
_WEEKS = 6
_CHAPTERS = (
    "Parts of the boat",
    "Knots and lines",
    "Points of sail",
    "Tacking and gybing",
    "Right of way",
    "Wind and weather",
    "Coming alongside",
    "Man overboard",
)


def examples() -> Iterator[str]:
    """Yield the chapter's paragraphs and tables."""
    yield (
        "## Examples\n\nIn all of them: 2 hours a day between 16:00 and 21:00, sessions of up to 45 minutes,\n"
        "asked for on Monday 2 March 2026 at 08:00 where nothing else is said.\n"
    )
    yield (
        "### Six weeks of three students\n\n"
        f"Biology from the start, with an exam on Friday {_EXAM:%d %B}, in the seventh week.\n"
        "Units in bold are new in that week.\n"
    )
    yield from _term("The diligent student does everything.", lambda _planned, _piece: None)
    yield from _term("The average one does two sessions of three, and finds each fifth of them hard.", _average())
    yield from _term("The absent one does nothing.", lambda _planned, _piece: False)
    life = Life(("Biology",), (("Biology", date(2026, 3, 8)),), known=_HALF)
    yield "### The last week before an exam\n\nBiology on Sunday 8 March, by a student who knows half of it.\n"
    yield _shown(life)
    life = Life(("Biology", "Chemistry"), (("Biology", date(2026, 3, 8)), ("Chemistry", date(2026, 3, 20))))
    yield "### Two exams\n\nBiology on Sunday 8 March, Chemistry on the 20th, in one plan.\n"
    yield _shown(life)
    yield "### A topic that nobody here knows\n\n“Sailing licence”, without chapters.\n"
    yield _shown(Life(("Sailing licence",)))
    yield "The same with chapters, as the student listed them.\n"
    yield _shown(Life(("Sailing licence",), chapters={"Sailing licence": _CHAPTERS}))


_HALF = frozenset(
    f"biology.{unit}" for unit in ("cells", "membranes", "molecules", "division", "dna", "genetics", "photosynthesis")
)


def _average() -> Habit:
    """Return the habit of missing each third session, and of finding each fifth hard."""
    turns = count()

    def lives(_planned: Planned, _piece: Piece) -> Rating | bool | None:
        turn = next(turns)
        if turn % 3 == 2:
            return False
        return Rating.HARD if turn % 5 == 0 else None

    return lives


def _term(who: str, habit: Habit) -> Iterator[str]:
    life = Life(("Biology",), (("Biology", _EXAM),))
    rows, notes = [], []
    for week in range(_WEEKS):
        planned = life.plan(_START + week * WEEK)
        met = {session.units for session in life.past}
        before = {unit for units in met for unit in units}
        life.live(planned, habit)
        rows.append(
            (str(week + 1), _lessons(planned, before), _back(planned), _others(planned), _minutes(life, planned))
        )
        notes += [f"Week {week + 1}: {note}" for note in planned.notes]
    yield f"{who}\n"
    yield table(("week", "lessons", "comes back", "other work", "minutes done of planned"), rows)
    yield "".join(f"{note}\n" for note in notes)


def _lessons(planned: Planned, before: set[str]) -> str:
    units = [unit for slot in planned.frame.slots if slot.kind is Kind.LEARN for unit in slot.units]
    return ", ".join(unit.title if unit.key in before else f"**{unit.title}**" for unit in units) or "-"


def _back(planned: Planned) -> str:
    slots = [slot for slot in planned.frame.slots if slot.kind is Kind.RECALL]
    return ", ".join(dict.fromkeys(unit.title for slot in slots for unit in slot.units)) or "-"


def _others(planned: Planned) -> str:
    roles = [slot.role for slot in planned.frame.slots if slot.kind not in (Kind.LEARN, Kind.RECALL)]
    return ", ".join(f"{roles.count(role)} {role.replace('_', ' ')}" for role in dict.fromkeys(roles)) or "-"


def _minutes(life: Life, planned: Planned) -> str:
    monday = planned.week.monday
    week = [session for session in life.past if monday <= session.day < monday + WEEK]
    done = sum(session.planned_minutes for session in week if session.done_on)
    return f"{done} of {planned.placed.placed_minutes}"


def _shown(life: Life) -> str:
    planned = life.plan(_START)
    rows = [
        (
            f"{piece.starts_at.astimezone(JAKARTA):%a %d %b %H:%M}",
            str(piece.minutes),
            planned.frame.slots[piece.step].role.replace("_", " "),
            piece.title,
            piece.reason.text,
        )
        for piece in planned.placed.pieces
    ]
    said = " ".join((planned.words.summary, *planned.notes, planned.placed.note)).strip()
    head = f"**{planned.words.title}** {said}\n\n"
    return head + table(("when", "minutes", "work", "session", "why here"), rows)


def table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table of Markdown."""
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines) + "\n"
