"""The content of a plan, and the check that stands between whoever wrote it and the planner.

An outline says what to study, in which order and for how long, never when. `faults` is the one definition of an
outline worth placing; it knows nothing of who wrote it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from schediora.ai.content import wording
from schediora.ai.content.brief import Brief
from schediora.ai.content.language import foreign_script, foreign_tongue
from schediora.planner.scheduler.problem import Kind, Step
from schediora.subjects.text import fingerprint

MIN_STEPS, MAX_STEPS = 6, 10
MIN_MINUTES, MAX_MINUTES = 15, 240
MARK_MINUTES = 5
TITLE_LENGTH = 180
SUMMARY_LENGTH = 1000
DETAIL_LENGTH = 1500
DETAIL_LETTERS = 20
"""The fewest letters (wide ones count double) with which a detail can say something."""

_PHASE = {kind: phase for phase, kind in enumerate(Kind)}


@dataclass(frozen=True, slots=True)
class Outline:
    """What to study in one week, in order."""

    title: str
    summary: str
    steps: tuple[Step, ...]

    @property
    def minutes(self) -> int:
        """Return the sum of the steps' minutes."""
        return sum(step.minutes for step in self.steps)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with an outline: with the step at index `step`, or with the whole when that is None."""

    step: int | None
    code: str
    text: str


def fit(outline: Outline, week_minutes: int) -> Outline:
    """Return the outline with minutes in steps of five and, where they exceed `week_minutes`, scaled down towards it.

    No step falls below 15 minutes, so a very small week stays exceeded: the scheduler then lists what it cannot hold.
    Minutes outside 1 to 240 are left as they are, for `faults` to name.
    """
    if not outline.steps or any(not 0 < step.minutes <= MAX_MINUTES for step in outline.steps):
        return outline
    scale = min(1.0, week_minutes / outline.minutes)
    minutes = [max(MIN_MINUTES, _to_mark(step.minutes * scale)) for step in outline.steps]
    while sum(minutes) > max(week_minutes, MIN_MINUTES * len(minutes)):
        longest = max(range(len(minutes)), key=lambda index: minutes[index])
        minutes[longest] -= MARK_MINUTES
    steps = tuple(replace(step, minutes=length) for step, length in zip(outline.steps, minutes, strict=True))
    return replace(outline, steps=steps)


def _to_mark(minutes: float) -> int:
    return int(minutes / MARK_MINUTES + 0.5) * MARK_MINUTES


def in_order(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Return the steps learn first, then practice, recall, review and mock; those of one kind keep their order."""
    return tuple(sorted(steps, key=lambda step: _PHASE[step.kind]))


def faults(outline: Outline, brief: Brief) -> list[Fault]:
    """Return everything that keeps `outline` from being a plan worth following, none when it is one.

    The student's own words (topic, goal, focus topics) are never held against an outline that repeats them.
    """
    given = wording.Given.of(brief)
    found = [Fault(None, code, text) for code, text in _of_the_whole(outline, brief, given)]
    titles: set[str] = set()
    details: set[str] = set()
    for index, step in enumerate(outline.steps):
        found.extend(Fault(index, code, text) for code, text in _of_a_step(step, brief, given))
        for seen, text, most, code in (
            (titles, step.title, TITLE_LENGTH, "repeated_title"),
            (details, step.detail, DETAIL_LENGTH, "repeated_detail"),
        ):
            print_ = fingerprint(text[:most])
            if print_ in seen:
                found.append(Fault(index, code, f"Its {code[9:]} says the same as an earlier one's."))
            seen.add(print_)
    return found


def _of_the_whole(outline: Outline, brief: Brief, given: wording.Given) -> Iterator[tuple[str, str]]:
    count = len(outline.steps)
    if not MIN_STEPS <= count <= MAX_STEPS:
        yield "step_count", f"There are {count} steps; there must be {MIN_STEPS} to {MAX_STEPS}."
    if outline.minutes > max(brief.week_minutes, MIN_MINUTES * count):
        yield "too_long", f"The steps take {outline.minutes} minutes; the week has {brief.week_minutes}."
    for name, text, most in (("title", outline.title, TITLE_LENGTH), ("summary", outline.summary, SUMMARY_LENGTH)):
        if len(text) <= most and text.strip():
            for code, complaint in wording.unfit(given.excused_in(text)):
                yield code, f"The plan's {name} {complaint}."
        else:
            yield "length", f"The plan's {name} must have 1 to {most} characters."
    whole = " ".join(f"{step.title}. {step.detail}" for step in outline.steps if _short_enough(step))
    if foreign_tongue(given.removed_from(whole), brief.topic, brief.goal):
        yield "language", "The plan is not in the language of the topic and the goal."
    kinds = [step.kind for step in outline.steps]
    if Kind.MOCK in kinds and Kind.LEARN in kinds[kinds.index(Kind.MOCK) :]:
        yield "order", "A mock test comes before something that is still to be learned."


def _of_a_step(step: Step, brief: Brief, given: wording.Given) -> Iterator[tuple[str, str]]:
    if not MIN_MINUTES <= step.minutes <= MAX_MINUTES:
        yield "minutes", f"It must take {MIN_MINUTES} to {MAX_MINUTES} minutes."
    if not step.title.strip() or len(step.title) > TITLE_LENGTH:
        yield "length", f"Its title must have 1 to {TITLE_LENGTH} characters."
    if len(step.detail) > DETAIL_LENGTH:
        yield "length", f"Its detail must have at most {DETAIL_LENGTH} characters."
    if not _short_enough(step):
        return  # its length is fault enough: nothing searches a text of any length
    title, detail = given.removed_from(step.title), given.removed_from(step.detail)
    if wording.vague(title):
        yield "vague_title", "Its title is not concrete: say which part of the topic and what to do with it."
    if wording.says_nothing(step.detail, step.title, least=DETAIL_LETTERS):
        yield "empty_detail", "Its detail adds nothing to the title: say what to do, with what, and how to check it."
    for name, text in (("title", step.title), ("detail", step.detail)):
        for code, complaint in wording.unfit(given.excused_in(text)):
            yield code, f"Its {name} {complaint}."
    if foreign_script(f"{title} {detail}", brief.topic, brief.goal):
        yield "language", "It is not in the language of the topic and the goal."


def _short_enough(step: Step) -> bool:
    return len(step.title) <= TITLE_LENGTH and len(step.detail) <= DETAIL_LENGTH
