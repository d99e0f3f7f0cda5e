"""What to do in one step, sentence by sentence, in our own words: from a unit's material, else from its genre.

The ways of working follow Dunlosky et al. 2013 (testing oneself, and asking why), Rohrer et al. 2014 (kinds of tasks
that take turns) and Cepeda et al. 2008 (coming back after a pause).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import TypeVar

from schediora.ai.content.phrases import Phrases
from schediora.ai.curriculum.frame import Role, Slot, Why
from schediora.subjects.catalog import Genre, Material, Question

_Shared = TypeVar("_Shared")
_TASK_MINUTES = 7.5
"""A question in writing with its check: two in 15 minutes, six in 45."""
_PROGRAM_MINUTES = 12
_RECALLED_MINUTES = 8
_FEWEST_TASKS = 2
_FIRST_QUESTION = {"recall": 0, "mixed": 2, "review": 4}
"""Where each kind of work begins, from the hardest question on: a week does not ask the same one three times."""
_CHECK_FROM_MINUTES, _CHECK_MINUTES, _MOST_CHECKS = 45, 20, 4
"""A lesson of more than 45 minutes ends with a question for each further 20, four at most."""


@dataclass(frozen=True, slots=True)
class Work:
    """A step, or the part `part` (from 0) of `parts` of it, as it is put into words.

    `minutes` are those of this part alone. `names` are the titles of the slot's units, or the topic where it has none;
    `materials` are those of the units that have some in the plan's language. `variant` counts the steps of the same
    work, weeks included, so that each gets other sentences; `repeats` those of the week that it must be told apart
    from. `sections` are the parts of the real paper with their minutes.
    """

    slot: Slot
    genre: Genre
    phrases: Phrases
    part: int
    parts: int
    minutes: int
    variant: int
    repeats: int
    names: tuple[str, ...]
    materials: tuple[Material, ...]
    sections: tuple[tuple[str, int], ...] = ()

    @property
    def quoted(self) -> str:
        """Return the names as they stand in a sentence."""
        return self.phrases.quoted(self.names)

    def say(self, section: str, key: str, **values: str) -> str:
        """Return a sentence about this work."""
        return self.phrases.say(section, key, unit=self.names[0], units=self.quoted, **values)

    def way(self, section: str, key: str = "ways", *, further: int = 0) -> str:
        """Return the sentence whose turn it is, with nothing filled in."""
        ways = self.phrases.ways(section, key)
        return ways[(self.variant + further) % len(ways)]

    def mine(self, shared: Sequence[_Shared]) -> Sequence[_Shared]:
        """Return what of `shared` belongs to this part: each has its own, and together they have all."""
        return shared[self._before(self.part, len(shared)) : self._before(self.part + 1, len(shared))]

    def more(self, shared: int) -> str:
        """Return a task for a part that is left without one of `shared` tasks; the first part never is."""
        return self.phrases.further(self.part - self._before(self.part, shared) + self.variant, self.quoted)

    def _before(self, part: int, shared: int) -> int:
        """Return how many of `shared` tasks belong to the parts before `part`."""
        return -(-part * shared // self.parts)


def counted(minutes: int, each: float = _TASK_MINUTES) -> int:
    """Return how many tasks of `each` minutes fill `minutes`, two at least."""
    return max(_FEWEST_TASKS, int(minutes / each))


def before(work: Work) -> list[str]:
    """Return what is said first: why this step comes now, where something went before it."""
    if work.part or work.slot.role not in {Role.LESSON, Role.PRACTICE}:
        return []
    if work.slot.missed_on is not None or work.slot.why is Why.MISSED:
        return [work.say("why", "missed")]
    return [work.say("why", str(work.slot.why))] if work.slot.why in {Why.AGAIN, Why.WEAK} else []


def lesson(work: Work) -> list[str]:
    """Return the tasks of a lesson: its points, the worked example to try first, the pitfall, a check at the end."""
    if not work.materials:
        steps = work.phrases.ways("lesson", work.genre)
        return [_filled(work, step) for step in work.mine(steps)] or [work.more(len(steps))]
    material = work.materials[0]
    mine = _of_a_lesson(work, material)
    questions = [entry for entry in mine if isinstance(entry, Question)]
    tasks = []
    if points := lesson_points(work):
        tasks.append(work.say("material", "study", points="; ".join(points)))
    if any(entry is material for entry in mine):
        tasks.append(work.say("material", "try", example=material.example))
        tasks.append(work.say("material", "solution", solution=material.solution))
        tasks.append(work.say("material", "pitfall", pitfall=material.pitfall))
    if questions:
        tasks += [work.say("material", "check", questions=numbered(questions)), work.say("material", "answers")]
    return tasks or [work.more(len(material.points) + 1)]


def lesson_points(work: Work) -> list[str]:
    """Return the points of its unit that a lesson, or a part of one, goes through; none where there is no material."""
    return (
        [entry for entry in _of_a_lesson(work, work.materials[0]) if isinstance(entry, str)] if work.materials else []
    )


def lesson_rest(work: Work) -> str:
    """Return what a part of a lesson without points holds: the `example`, or `questions` alone."""
    material = work.materials[0]
    return "example" if any(entry is material for entry in _of_a_lesson(work, material)) else "questions"


def _of_a_lesson(work: Work, material: Material) -> Sequence[str | Material | Question]:
    """Return the points, the example (as the material itself) and the questions of this part."""
    checks = min(_MOST_CHECKS, max(0, (work.slot.minutes - _CHECK_FROM_MINUTES) // _CHECK_MINUTES))
    checks = max(checks, work.parts - len(material.points) - 1)
    return work.mine([*material.points, material, *_from(material.questions, work.variant * checks)[:checks]])


def mode(work: Work) -> list[str]:
    """Return in which way a part of practice is done: with notes, without, against the clock, aloud."""
    return [_filled(work, work.way("practice_modes", further=work.part))]


def practice(work: Work) -> list[str]:
    """Return the tasks of practice: as many as the minutes hold, in this part's own way, and how to check them."""
    check = work.say("check", work.genre)
    if not work.materials:
        count = counted(work.minutes, _PROGRAM_MINUTES if work.genre == "programming" else _TASK_MINUTES)
        task = _filled(work, work.way("practice", work.genre, further=work.part), count=work.phrases.number(count))
        turn = work.part // len(work.phrases.ways("practice_modes", "ways"))
        return [task, *mode(work), check, *([work.phrases.further(turn - 1, work.quoted)] if turn else [])]
    questions = work.materials[0].questions
    total = counted(work.slot.minutes)
    mine = work.mine(_from(questions, work.variant * total)[:total])
    if not mine:
        return [work.more(len(questions)), *mode(work)]
    key = "solve_all" if total > len(questions) and work.part == work.parts - 1 else "solve"
    return [
        work.say("material", key, count=work.phrases.number(len(mine)), questions=numbered(mine)),
        *mode(work),
        check,
        work.say("material", "answers"),
    ]


def recall(work: Work) -> list[str]:
    """Return the tasks of a recall: everything closed, questions from memory, then the notes."""
    return [
        _filled(work, work.way("recall", further=work.part)),
        *_questions(work, "recall", counted(work.minutes, _RECALLED_MINUTES)),
        work.say("recall", "check"),
    ]


def mixed(work: Work) -> list[str]:
    """Return the tasks of mixed practice, in which the units take turns."""
    count = counted(work.minutes)
    if asked := _questions(work, "mixed", count):
        return [*asked, *mode(work), work.say("mixed", "check")]
    return [_filled(work, work.way("mixed"), count=work.phrases.number(count)), work.say("mixed", "check")]


def review(work: Work) -> list[str]:
    """Return the tasks of a review: errors and how things hang together, then the weakest spots."""
    tasks = [_filled(work, work.way("review", further=work.part))]
    if len(work.names) > 1:
        first, second = (work.names[(work.part + step) % len(work.names)] for step in (0, 1))
        tasks.append(work.phrases.say("review", "link", first=first, second=second))
    return [*tasks, *_questions(work, "review", counted(work.minutes, 2 * _TASK_MINUTES))]


def rework(work: Work) -> list[str]:
    """Return the tasks that mend what a mock showed."""
    return [
        _filled(work, work.way("rework", further=work.part)),
        work.say("rework", "begin"),
        work.say("rework", "check"),
    ]


def mock(work: Work) -> list[str]:
    """Return how to sit a paper, what it covers, where it comes from, and what to do with it afterwards."""
    minutes = str(work.minutes)
    if work.genre == "instrument":
        return [_filled(work, work.way("mock", "performance"), minutes=minutes), work.say("mock", "after")]
    return [
        _filled(work, work.way("mock", "paper"), minutes=minutes),
        _paper(work),
        work.say("mock", "source"),
        work.say("mock", "after"),
    ]


def diagnostic(work: Work) -> list[str]:
    """Return how to find out where one stands; nothing is said of earlier study."""
    way = _filled(work, work.way("diagnostic"), minutes=str(work.minutes))
    return [way, _paper(work), work.say("diagnostic", "after")]


def light_review(work: Work) -> list[str]:
    """Return what is good on the eve of an exam."""
    return [_filled(work, work.way("light_review")), work.say("light_review", "after")]


TASKS = {
    Role.LESSON: lesson,
    Role.PRACTICE: practice,
    Role.MIXED: mixed,
    Role.RECALL: recall,
    Role.REVIEW: review,
    Role.REWORK: rework,
    Role.MOCK: mock,
    Role.DIAGNOSTIC: diagnostic,
    Role.LIGHT_REVIEW: light_review,
}


def numbered(questions: Sequence[Question]) -> str:
    """Return the questions in one line, each with its number."""
    return " ".join(f"({number}) {asked.question}" for number, asked in enumerate(questions, start=1))


def _filled(work: Work, template: str, **values: str) -> str:
    return work.phrases.fill(template, unit=work.names[0], units=work.quoted, **values)


def _from(questions: Sequence[Question], start: int) -> list[Question]:
    place = start % len(questions)
    return [*questions[place:], *questions[:place]]


def _questions(work: Work, key: str, count: int) -> list[str]:
    """Return `count` questions of all units in turn, hard ones first, none where there is no material."""
    if not work.materials:
        return []
    each = -(-count // len(work.materials))
    start = work.variant * each + _FIRST_QUESTION[key]
    by_unit = [_from(material.questions[::-1], start)[:each] for material in work.materials]
    in_turn = [asked for asked in chain(*zip_longest(*by_unit)) if asked is not None][:count]
    mine = work.mine(in_turn) or in_turn[:1]
    said = work.say("material", key, count=work.phrases.number(len(mine)), questions=numbered(mine))
    return [said, work.say("material", "answers")]


def _paper(work: Work) -> str:
    if not work.sections:
        return work.say("mock", "covers")
    sections = [work.phrases.say("mock", "section", name=name, minutes=str(minutes)) for name, minutes in work.sections]
    return work.say("mock", "sections", sections=work.phrases.listed(sections))
