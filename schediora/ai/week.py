"""One week of a topic put into steps: from its sub-topics where they are known, else from good ways of studying."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from schediora.ai.content.brief import Brief
from schediora.ai.content.wording import unfit, vague
from schediora.ai.goals import ORDINARY_DAYS_TO_TEST, Goal, Slot
from schediora.ai.progress import Seen, due, seen_items, upcoming, week_index
from schediora.ai.recognised import Match, Unit, recognise
from schediora.ai.scheme import Scheme, Template, choices, filled
from schediora.planner.scheduler.problem import Exam
from schediora.subjects.text import fingerprint, shown

_FEW_UNITS = 3
"""A topic of fewer sub-topics is taken point by point."""
_EARLIER_LENGTH = 120
_UNITS_NAMED = 3


@dataclass(frozen=True, slots=True)
class Written:
    """What a week is about, where that has a name, and a title and a detail for each slot, all different."""

    about: str
    texts: list[tuple[str, str]]


class Week(Protocol):
    """Writes the steps of one week."""

    def write(self, slots: Sequence[Slot], goal: Goal, exam: Exam | None) -> Written:
        """Return the week in words; `exam` is the one that it leads up to."""
        ...


@dataclass(frozen=True, slots=True)
class _Item:
    """What one step can be about, in words ready for a template."""

    values: dict[str, str]
    names: frozenset[str]

    @property
    def name(self) -> str:
        return self.values["unit"]


class UnitWeek:
    """A week in a subject whose sub-topics are known."""

    def __init__(self, brief: Brief, match: Match, words: Scheme) -> None:
        self._brief = brief
        self._words = words
        self._week = week_index(brief)
        self._items = _items(match, words)
        self._focus = _focus(match, brief) if len(match.units) >= _FEW_UNITS else []
        topics = {session.topic for session in brief.recent if _same_subject(session.topic, match)}
        self._seen = seen_items(brief, [item.names for item in self._items], frozenset(topics))

    @staticmethod
    def can_write(match: Match, words: Scheme) -> bool:
        """Return whether `words` can go into the topic: single points are described in English alone."""
        return len(match.units) >= _FEW_UNITS or words.language == "en"

    def write(self, slots: Sequence[Slot], goal: Goal, exam: Exam | None) -> Written:
        """Return the week in words; `exam` is the one that it leads up to."""
        fresh, known = self._fresh_and_known(slots.count("learn"), exam)
        pools: dict[Slot, list[_Item]] = {
            "learn": fresh,
            "practice": _distinct([*fresh, *known], 3),
            "recall": _distinct([*known, *fresh], 3),
        }
        together = {
            "mixed": _names(_distinct([*fresh[:2], *known[:1], *fresh[2:], *known[1:]], _UNITS_NAMED)),
            "review": _names(_distinct([*fresh, *known], _UNITS_NAMED)),
            "mock": _names(_distinct([*fresh[:2], *known, *fresh[2:]], _UNITS_NAMED)),
        }
        turns: Counter[Slot] = Counter()
        texts = []
        for slot in slots:
            templates = choices(self._words.known[slot], goal, self._week)
            turn, turns[slot] = turns[slot], turns[slot] + 1
            if pool := pools.get(slot):
                # Each round through the pool takes the next wording, so that no item is worded twice alike.
                round_, place = divmod(turn, len(pool))
                texts.append(templates[(round_ + place) % len(templates)].fill(pool[place].values))
            else:
                texts.append(templates[turn % len(templates)].fill(together[slot]))
        return Written(" + ".join(item.name for item in _distinct([*fresh, *known], 2)), texts)

    def _fresh_and_known(self, learning: int, exam: Exam | None) -> tuple[list[_Item], list[_Item]]:
        """Return the items to go into this week, and those met before that are due, each in order."""
        length = len(self._items)
        next_ = upcoming(length, self._seen, max(2, learning), self._week, self._focus)
        days = (exam.day - self._brief.from_day).days if exam else ORDINARY_DAYS_TO_TEST
        back = due(self._seen, self._brief.today, days)
        if not learning:
            # Nothing new in the last days before an exam: what was met comes first, then the rest of the topic.
            return [], [self._items[index] for index in dict.fromkeys([*back, *self._before(next_), *range(length)])]
        before = [index for index in dict.fromkeys([*back, *self._before(next_)]) if index not in next_]
        return [self._items[index] for index in next_], [self._items[index] for index in before]

    def _before(self, next_: Sequence[int]) -> list[int]:
        """Return the items that come before this week's in teaching order, latest first."""
        return list(range(min(next_) - 1, -1, -1))


def _same_subject(topic: str, match: Match) -> bool:
    other = recognise(topic)
    return other is not None and other.subject is match.subject


def _distinct(items: Iterable[_Item], most: int) -> list[_Item]:
    return list({item.name: item for item in items}.values())[:most]


def _names(items: Sequence[_Item]) -> dict[str, str]:
    names = [item.name for item in items]
    return {"units": " + ".join(names), "quoted": ", ".join(f"“{name}”" for name in names)}


def _items(match: Match, words: Scheme) -> list[_Item]:
    """Return what the topic consists of, in teaching order."""
    if len(match.units) < _FEW_UNITS:
        return [_point_item(unit, place) for unit in match.units for place in range(len(unit.points))]
    return [_unit_item(unit, unit.indonesian if words.language == "id" else unit.name) for unit in match.units]


def _focus(match: Match, brief: Brief) -> list[int]:
    """Return which of the topic's units the student has named as focus topics."""
    named = {
        unit.name
        for topic in brief.focus_topics
        if (found := recognise(topic)) and found.subject is match.subject and len(found.units) < len(match.units)
        for unit in found.units
    }
    return [index for index, unit in enumerate(match.units) if unit.name in named]


def _unit_item(unit: Unit, name: str) -> _Item:
    values = {
        "unit": name,
        "point": unit.points[0],
        "points": "; ".join(unit.points),
        "example": unit.example,
        "practice": unit.practice,
        "pitfall": unit.pitfall,
        "ask": "; ".join(unit.ask),
    }
    return _Item(values, unit.names())


def _point_item(unit: Unit, place: int) -> _Item:
    point, beside = unit.points[place], unit.points[(place + 1) % len(unit.points)]
    turn = place % len(unit.ask)
    values = {
        "unit": f"{point[0].upper()}{point[1:]}",
        "point": "the idea and where it is needed",
        "points": f"{point}, and how it hangs together with {beside}",
        "example": unit.example if place % 2 == 0 else f"the first solved task on {point} in your book",
        "practice": unit.practice
        if place % 2 == 0
        else f"Find six questions on {point}, two of them hard, and answer them",
        "pitfall": unit.pitfall,
        "ask": "; ".join(unit.ask[turn:] + unit.ask[:turn]),
    }
    return _Item(values, frozenset({fingerprint(point)}))


class SchemeWeek:
    """A week in any other topic: good ways of studying, in the topic's own words, other ones each week."""

    def __init__(self, brief: Brief, words: Scheme) -> None:
        self._words = words
        self._week = week_index(brief)
        self._brief = brief
        self._values = {"topic": shown(brief.topic) or words.nameless}

    def write(self, slots: Sequence[Slot], goal: Goal, exam: Exam | None) -> Written:
        """Return the week in words; `exam` is the one that it leads up to."""
        days = (exam.day - self._brief.from_day).days if exam else ORDINARY_DAYS_TO_TEST
        learn = self._words.general["learn"]
        names = [frozenset({fingerprint(template.fill(self._values)[0])}) for template in learn]
        seen = seen_items(self._brief, names, self._topics())
        templates: dict[Slot, tuple[Template, ...]] = {
            slot: choices(listed, goal, self._week) for slot, listed in self._words.general.items()
        }
        templates["learn"] = tuple(
            learn[index] for index in upcoming(len(learn), seen, max(1, slots.count("learn")), self._week)
        )
        earlier = self._earlier(days)[:1]
        turns: Counter[Slot] = Counter()
        texts = []
        for slot in slots:
            turn, turns[slot] = turns[slot], turns[slot] + 1
            if slot == "recall" and turn < len(earlier):
                texts.append(self._words.again.fill({**self._values, "earlier": earlier[turn]}))
            else:
                texts.append(templates[slot][turn % len(templates[slot])].fill(self._values))
        return Written("", texts)

    def _topics(self) -> frozenset[str]:
        topic = self._brief.topic.casefold()
        return frozenset(session.topic for session in self._brief.recent if session.topic.casefold() == topic)

    def _earlier(self, days: int) -> list[str]:
        """Return the titles of done sessions on this topic, most overdue first, without those that the rules wrote."""
        own = {
            fingerprint(template.fill(self._values)[0])
            for listed in self._words.general.values()
            for template in listed
        }
        again = fingerprint(filled(self._words.again.title, {**self._values, "earlier": ""}))
        titles: dict[str, Seen] = {}
        for session in self._brief.recent:
            title = shown(session.title)[:_EARLIER_LENGTH]
            print_ = fingerprint(title)
            plain = print_ not in own and not print_.startswith(again) and not vague(title) and not any(unfit(title))
            if session.done and session.topic in self._topics() and plain:
                titles[title] = Seen(session.day, done=True)
        listed_titles = list(titles)
        return [listed_titles[index] for index in due(dict(enumerate(titles.values())), self._brief.today, days)]
