"""Is this a good text for this one step? The check between whatever wrote it and the student.

Each text is judged alone: of this unit, this kind of work, doable in its minutes, in the plan's language, whole, and
without anything that tells when, leads elsewhere or does harm.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from schediora.ai.content import evidence, flow, wording
from schediora.ai.content.moments import moments
from schediora.ai.content.safety import harms
from schediora.ai.content.spoken import foreign, quotes, without_examples
from schediora.ai.content.subject_matter import About, about, language_taught, names_another, programs, teaches_language
from schediora.ai.content.text import DETAIL_LENGTH, TITLE_LENGTH, Text
from schediora.ai.content.vocabulary import stems, taught
from schediora.ai.content.workload import too_much
from schediora.ai.curriculum.frame import Role, Slot
from schediora.subjects.text import plain

_DETAIL_LETTERS = 40
_TOPIC_WEIGHT, _SUBJECT_WEIGHT, _NAMED, _NAMED_TOPIC = 2.0, 0.33, -2.1, -1.0
_OTHER_SHARE = 0.7
"""For work over many units: what its topic and subject weigh, how much less a text needs that names its units or its
topic, and how what speaks for another subject counts against it."""
_HARDLY = 4.0
"""No more of another subject, or of another unit, than a word or two have by chance."""
_BROAD = frozenset({Role.MOCK, Role.DIAGNOSTIC, Role.REWORK, Role.REVIEW, Role.LIGHT_REVIEW, Role.MIXED})
"""Work over many units, of which a text names only some."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a text, as a code and a sentence that tells its writer what to do better."""

    code: str
    text: str


def judge(text: Text, slot: Slot, *, language: str, given: wording.Given, beside: Sequence[str] = ()) -> list[Fault]:
    """Return everything that keeps `text` from being shown for `slot`, none when it is good.

    `language` is the plan's (BCP 47). `given` are the student's own words (topic, goal, focus, titles of their units):
    no text is blamed for repeating what only looks like a link or a number. `slot.minutes` are those of the part that
    the text is for. `beside` are the titles of the other units of the same plan.
    """
    sized = list(_length(text))
    if sized:
        return sized  # nothing searches a text of any length
    return [
        *_shape(text, given, code=programs(slot)),
        *_matter(text, slot, language, beside),
        *_manner(text, slot, language, given),
    ]


def _length(text: Text) -> Iterator[Fault]:
    if not text.title.strip() or len(text.title) > TITLE_LENGTH:
        yield Fault("length", f"The title must have 1 to {TITLE_LENGTH} characters.")
    if len(text.detail) > DETAIL_LENGTH:
        yield Fault("length", f"The detail must have at most {DETAIL_LENGTH} characters.")


def _shape(text: Text, given: wording.Given, *, code: bool) -> Iterator[Fault]:
    for name, words in (("title", text.title), ("detail", text.detail)):
        searched = wording.without_code(words) if code else words
        for fault, complaint in wording.unfit(given.excused_in(searched), code=code):
            yield Fault(fault, f"The {name} {complaint}.")
    if wording.vague(text.title):
        yield Fault("vague_title", "The title is not concrete: say which part of the topic and what to do with it.")
    if wording.says_nothing(text.detail, text.title, least=_DETAIL_LETTERS):
        yield Fault("empty_detail", "The detail adds nothing: say what to do, with what, and how to check it.")
    for fault, complaint in flow.disturbed(text):
        yield Fault(fault, f"The text {complaint}.")


def _matter(text: Text, slot: Slot, language: str, beside: Sequence[str]) -> Iterator[Fault]:
    whole = f"{text.title}. {text.detail}"
    if foreign(whole, language):
        yield Fault("language", f"The text is not in the plan's language ({language}).")
    names = [unit.title for unit in slot.units]
    found = about(
        text.title, text.detail, [unit.key for unit in slot.units], names, slot.topic, beside, language=language
    )
    found = replace(found, quotes=quotes(whole, language_taught(slot), language))
    if _off_topic(found, slot) and not _general(text, found, slot):
        yield Fault("off_topic", f"The text is not about {', '.join(names[:3]) or slot.topic}.")


def _off_topic(found: About, slot: Slot) -> bool:
    if not slot.units:
        return not found.named and found.other > _HARDLY
    if slot.role not in _BROAD:
        return not evidence.speaks_for_its_unit(found)
    if not found.named and found.rival > found.own + 2 * _HARDLY:
        return True
    # A text that names its units, or the topic, is believed unless it says much more of something else.
    least = _NAMED if found.named else _NAMED_TOPIC if found.topical else 0.0
    spoken_for = found.own + _TOPIC_WEIGHT * (found.topical + found.called) - _OTHER_SHARE * found.other
    return spoken_for + (found.names + found.titled) / 2 + found.subject * _SUBJECT_WEIGHT <= least


def _general(text: Text, found: About, slot: Slot) -> bool:
    """Return whether a text about whatever the student has had says what to do with it, and speaks of nothing else:
    a paper, mistakes and notes need not be called by the names of units.
    """
    if found.elsewhere or max(found.other, found.rival) - found.own > 1.5 * _HARDLY or names_another(text.title, slot):
        return False
    return flow.of_any_unit(text, slot.role)


def _manner(text: Text, slot: Slot, language: str, given: wording.Given) -> Iterator[Fault]:
    whole = plain(given.excused_in(f"{text.title}. {text.detail}"))
    said = without_examples(whole, language) if teaches_language(slot) else whole
    own = taught([unit.key for unit in slot.units], [unit.title for unit in slot.units])
    for code, complaint in moments(said, lambda stretch: bool(mine := stems(stretch)) and mine <= own):
        yield Fault(code, f"The text {complaint}.")
    for code, complaint in harms(whole.casefold(), own):
        yield Fault(code, f"The text {complaint}.")
    if excess := too_much(whole, slot.minutes):
        yield Fault("too_much", f"The text {excess}.")
    for code, complaint in flow.of_another_kind(text, slot.role):
        yield Fault(code, f"The text {complaint}.")
