"""Our own words for every step of a plan: complete without a model, and what stands in for its answer alone.

Titles differ within their first 40 characters, those of the parts of one step too. Nothing here names a date, a
weekday or a clock time, and nothing claims that something was learned.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from schediora.ai.content.phrases import Phrases, phrases_in
from schediora.ai.content.tasks import TASKS, Work, before, counted, lesson_points, lesson_rest, mode
from schediora.ai.content.text import DETAIL_LENGTH, TITLE_LENGTH, Text, clipped, telling
from schediora.ai.curriculum.frame import Frame, Role, Slot
from schediora.subjects.catalog import subject_of
from schediora.subjects.text import shown
from schediora.syllabus.syllabus import Syllabus

_NAMED = 3
_LONGEST_NAME = 100
_LONGEST_FOCUS, _FOCUS_POINTS = 60, 2
_MOST_PARTS = 16
_BY_SECTIONS = frozenset({Role.MOCK, Role.DIAGNOSTIC})
_BY_TOPIC = frozenset({Role.MOCK, Role.DIAGNOSTIC, Role.REWORK})
"""Work over so much of a topic that its title names the topic."""
_VARIANTS = 40
_MARK_MINUTES = 5


def words(
    slot: Slot,
    part: int,
    parts: int,
    language: str,
    *,
    syllabus: Syllabus,
    minutes: int | None = None,
    variant: int = 0,
) -> Text:
    """Return our words for part `part` (from 0) of `parts` of `slot` in `language` (BCP 47).

    `syllabus` is that of the slot's topic, `minutes` the length of this part, an equal share of the slot's where it is
    not given. `variant` counts steps of the same work, so that each is worded otherwise.
    """
    phrases = phrases_in(language)
    length = minutes or max(_MARK_MINUTES, slot.minutes // parts)
    work = _work(slot, part, parts, length, phrases, syllabus, variant)
    own = None if slot.units else phrases.text(slot.role, slot.turn + variant)
    return _by_topic(work, *own) if own else Text(_title(work), _detail(work))


@dataclass(frozen=True, slots=True)
class OwnWords:
    """A plan in our own words: its title, its summary, and a text for each slot of the frame."""

    title: str
    summary: str
    texts: tuple[Text, ...]
    _frame: Frame
    _syllabuses: tuple[Syllabus, ...]
    _language: str
    _variants: tuple[int, ...]

    def of_part(self, index: int, part: int, parts: int, *, minutes: int | None = None) -> Text:
        """Return the words for part `part` (from 0) of `parts` of the slot at `index`; `minutes` is its length."""
        slot = self._frame.slots[index]
        return words(
            *(slot, part, parts, self._language),
            syllabus=syllabus_of(slot.topic, self._syllabuses),
            minutes=minutes,
            variant=self._variants[index],
        )


def write(frame: Frame, syllabuses: Sequence[Syllabus], language: str) -> OwnWords:
    """Return our words for the whole of `frame`: all titles differ, in their first 40 characters too."""
    texts: list[Text] = []
    variants: list[int] = []
    seen: set[str] = set()
    for slot in frame.slots:
        text, variant = _unlike(slot, language, syllabus_of(slot.topic, syllabuses), seen)
        texts.append(text)
        variants.append(variant)
    title, summary = plan_words(frame, syllabuses, language)
    return OwnWords(title, summary, tuple(texts), frame, tuple(syllabuses), language, tuple(variants))


def syllabus_of(topic: str, syllabuses: Sequence[Syllabus]) -> Syllabus:
    """Return the one of `syllabuses` that is about `topic`, as the student spells it."""
    return next((syllabus for syllabus in syllabuses if topic in {syllabus.topic, syllabus.topic_key}), syllabuses[0])


def plan_words(frame: Frame, syllabuses: Sequence[Syllabus], language: str) -> tuple[str, str]:
    """Return the plan's title and its summary, which says what is new, what comes back and what is tested."""
    phrases = phrases_in(language)
    topics = phrases.together([_name(syllabus.topic) or phrases.nameless for syllabus in syllabuses], _NAMED)
    by_role = {role: _units(frame, role) for role in Role}
    new, back = by_role[Role.LESSON], [*by_role[Role.RECALL], *by_role[Role.PRACTICE], *by_role[Role.MIXED]]
    roles = {slot.role for slot in frame.slots}
    if _all_end_in_an_exam(frame):
        title = phrases.say("plan", "last", topics=topics)
    elif units := new or back:
        title = phrases.say("plan", "new" if new else "back", topics=topics, units=phrases.together(units, _NAMED))
    else:
        title = phrases.say("plan", "work", topics=topics)
    practised = [name for name in dict.fromkeys([*by_role[Role.PRACTICE], *by_role[Role.MIXED]]) if name not in new]
    sentences = [
        phrases.say("plan", key, units=phrases.quoted(names, _NAMED + 1))
        for key, names in (
            ("summary_new", new),
            ("summary_back", [name for name in by_role[Role.RECALL] if name not in new]),
            ("summary_practice", practised),
        )
        if names
    ]
    if Role.DIAGNOSTIC in roles:
        sentences.append(phrases.say("plan", "summary_diagnostic"))
    if Role.MOCK in roles:
        sentences.append(phrases.say("plan", "summary_mock" if Role.REWORK in roles else "summary_mock_only"))
    if Role.LIGHT_REVIEW in roles:
        sentences.append(phrases.say("plan", "summary_eve"))
    sentences.append(phrases.say("plan", "summary_why"))
    return clipped(title, TITLE_LENGTH), phrases.space.join(sentences)


def _all_end_in_an_exam(frame: Frame) -> bool:
    """Tell whether the week leads each of its topics up to an exam."""
    leading_up = {slot.topic for slot in frame.slots if slot.role is Role.LIGHT_REVIEW}
    return bool(leading_up) and leading_up == {slot.topic for slot in frame.slots}


def _units(frame: Frame, role: Role) -> list[str]:
    named = (unit.title for slot in frame.slots if slot.role is role for unit in slot.units)
    return list(dict.fromkeys(_name(title) for title in named))


def _unlike(slot: Slot, language: str, syllabus: Syllabus, seen: set[str]) -> tuple[Text, int]:
    """Return words for `slot` whose title, alone and in parts, is told apart from all in `seen`; they join them."""
    for variant in range(_VARIANTS):
        text = words(slot, 0, 1, language, syllabus=syllabus, variant=variant)
        split = words(slot, 0, _MOST_PARTS, language, syllabus=syllabus, variant=variant)
        tell = {telling(text.title), telling(split.title)}
        if seen.isdisjoint(tell):
            break
    seen |= tell
    return text, variant


@lru_cache(maxsize=4096)
def _name(title: str) -> str:
    return clipped(shown(title), _LONGEST_NAME)


def _work(slot: Slot, part: int, parts: int, minutes: int, phrases: Phrases, syllabus: Syllabus, variant: int) -> Work:
    topic = _name(slot.topic) or phrases.nameless
    ours = syllabus.language.partition("-")[0] == phrases.language
    names = tuple(_name(unit.title) or topic for unit in slot.units) or (topic,)
    materials = tuple(unit.material for unit in slot.units if ours and unit.material)
    sections = _sections(slot, minutes, phrases.language) if slot.role in _BY_SECTIONS else ()
    turn = slot.turn + variant
    return Work(slot, syllabus.genre, phrases, part, parts, minutes, turn, variant, names, materials, sections)


def _sections(slot: Slot, minutes: int, language: str) -> tuple[tuple[str, int], ...]:
    """Return the parts of the real paper that the slot's units are of, with what each has of `minutes`."""
    subject = next((found for unit in slot.units if (found := subject_of(unit.key))), None)
    if subject is None or not subject.section_minutes:
        return ()
    covered = {unit.section for unit in slot.units}
    lengths: Mapping[str, int] = {
        section: length for section, length in subject.section_minutes.items() if section in covered
    }
    whole = sum(lengths.values())
    return tuple(
        (subject.section_title(section, language), max(1, round(minutes * length / whole)))
        for section, length in lengths.items()
    )


def _title(work: Work) -> str:
    phrases, slot = work.phrases, work.slot
    label = phrases.label(slot.role, work.variant, work.repeats, work.part, work.parts)
    if slot.role in _BY_TOPIC and len(work.names) > 1:
        about = _name(slot.topic) or phrases.nameless
    else:
        about = phrases.together(work.names, _NAMED)
    focus = _focus(work)
    full = f"{label}{phrases.colon}{about}"
    longer = f"{full}{phrases.dash}{focus}"
    return longer if focus and len(longer) <= TITLE_LENGTH else clipped(full, TITLE_LENGTH)


def _focus(work: Work) -> str:
    """Return what of its unit a lesson goes into, where there is material."""
    if not work.materials or work.slot.role is not Role.LESSON:
        return ""
    short = [point for point in lesson_points(work) if len(point) <= _LONGEST_FOCUS]
    return work.phrases.listed(short[:_FOCUS_POINTS]) or work.say("material", lesson_rest(work))


def _detail(work: Work) -> str:
    space = work.phrases.space
    sentences = [*before(work), *TASKS[work.slot.role](work)]
    if len(space.join(sentences)) > DETAIL_LENGTH and work.materials:
        solution = work.materials[0].solution
        apart = work.say("material", "solution_apart")
        sentences = [apart if sentence.endswith(solution) else sentence for sentence in sentences]
    return clipped(space.join(sentences), DETAIL_LENGTH)


def _by_topic(work: Work, title: str, tasks: Sequence[str], rounds: int) -> Text:
    """Return the words for a topic whose parts are unknown; a part has its share of the sentences."""
    phrases, slot = work.phrases, work.slot
    topic = work.names[0]
    values = {"topic": topic, "minutes": str(work.minutes), "count": phrases.number(counted(work.minutes))}
    sentences = [phrases.fill(sentence, **values) for sentence in tasks]
    mine = [*work.mine(sentences)] or [work.more(len(sentences))]
    if work.parts > 1 and slot.role is not Role.LESSON:
        mine = [*sentences, *mode(work), phrases.further(work.part // 2, work.quoted)]
    if rounds and work.part == 0 and slot.role in {Role.LESSON, Role.PRACTICE}:
        mine.append(phrases.say("topic", "other_part", topic=topic))
    named = phrases.fill(title, **values)
    if rounds and work.repeats:
        named = f"({rounds + 1}) {named}"
    if work.parts > 1:
        named = phrases.part_of(named, work.part, work.parts)
    return Text(clipped(named, TITLE_LENGTH), clipped(phrases.space.join([*before(work), *mine]), DETAIL_LENGTH))
