"""How a text runs: cut off, rambling, repeating itself, thinking aloud, or telling of another kind of work."""

from collections import Counter
from collections.abc import Iterator

from schediora.ai.content.judging import beginnings, listed, pattern
from schediora.ai.content.text import Text
from schediora.ai.curriculum.frame import Role
from schediora.subjects.text import fingerprint

_MOST_LETTERS = 950
_MOST_SENTENCES = 11
_MOST_FILLERS = 1
_MOST_WORDS, _MOST_ON_AVERAGE, _MOST_IDLE = 44, 28, 21
"""So many words a sentence nobody follows who wants to know what to do; fewer, where few sentences tell it."""
_LEAST_TASKS = 0.34
"""The share of sentences with a task below which long ones are talk."""
_OPENING = 5
"""A task stands in so many words at the beginning of a sentence, or anywhere where words are written together."""
_TASKS = ("learn", "practice", "recall", "review")
_RUN = 4
"""So many words in a row make a phrase."""
_MOST_REPEATS = 2
_LEAST_DIFFERENT = 0.42
_FEWEST_WORDS = 24


def disturbed(text: Text) -> Iterator[tuple[str, str]]:
    """Yield a code and a complaint for each way in which `text` does not run as it should."""
    title, detail = text.title.strip(), text.detail.strip()
    if not pattern("end").search(detail) or pattern("open").search(detail) or pattern("dangling").search(title):
        yield "truncated", "breaks off; write it to its end"
    searched = pattern("quoted").sub(" ", f"{text.title}\n{detail}").casefold()
    if (
        beginnings("aloud", "phrases").search(searched)
        or listed("aloud", "patterns").search(searched)
        or pattern("first_person").search(searched)
    ):
        yield "aloud", "thinks aloud or speaks about the task; write only what the student does"
    sentences = [print_ for part in pattern("sentence").split(detail) if (print_ := fingerprint(part))]
    if (
        beginnings("chat", "phrases").search(searched)
        or _fillers(searched) > _MOST_FILLERS
        or len(detail) > _MOST_LETTERS
        or len(sentences) > _MOST_SENTENCES
        or _idle(detail)
    ):
        yield "rambling", "says too much that helps nobody; write two to four plain sentences"
    if _repeats(sentences, fingerprint(detail).split()):
        yield "repeated", "repeats itself"


def _fillers(searched: str) -> int:
    """Return how many phrases a text has that hearten or fill, and say nothing."""
    return sum(len(each.findall(searched)) for each in (beginnings("filler", "phrases"), listed("filler", "patterns")))


def _idle(detail: str) -> bool:
    """Return whether a text goes on in long sentences, of which few tell the student to do something."""
    searched = pattern("quoted").sub(" ", detail).casefold()
    parts = [part for part in pattern("sentence").split(searched) if part.strip()]
    lengths = [_words(part) for part in parts]
    mean = sum(lengths) / max(1, len(parts))
    if mean > _MOST_ON_AVERAGE or max(lengths, default=0) > _MOST_WORDS:
        return True
    return mean > _MOST_IDLE and sum(map(_tells, parts)) < _LEAST_TASKS * len(parts)


def _words(sentence: str) -> float:
    """Return how many words a sentence has; two letters are one where words are written together."""
    return max(len(sentence.split()), len(pattern("together").findall(sentence)) / 2)


def _tells(sentence: str) -> bool:
    start = sentence if pattern("together").search(sentence) else " ".join(sentence.split()[:_OPENING])
    return any(beginnings("signs", kind).search(start) for kind in _TASKS)


def _repeats(sentences: list[str], words: list[str]) -> bool:
    long = [sentence for sentence in sentences if len(sentence) > 12]
    if len(set(long)) < len(long):
        return True
    runs = Counter(tuple(words[start : start + _RUN]) for start in range(len(words) - _RUN + 1))
    if runs and max(runs.values()) > _MOST_REPEATS:
        return True
    return len(words) >= _FEWEST_WORDS and len(set(words)) < _LEAST_DIFFERENT * len(words)


_OWN = {
    Role.PRACTICE: ("practice",),
    Role.MIXED: ("practice",),
    Role.RECALL: ("recall",),
    Role.MOCK: ("mock", "test"),
    Role.DIAGNOSTIC: ("mock", "test"),
}
_TESTS = frozenset({Role.MOCK, Role.DIAGNOSTIC})
_ACTIVE = frozenset({Role.PRACTICE, Role.MIXED, Role.RECALL})
"""Work in which a student gives something back: reading alone is none of it."""
_NO_MOCK = frozenset({Role.LESSON, Role.PRACTICE, Role.MIXED, Role.RECALL, Role.LIGHT_REVIEW})


_OF_ANY = {
    Role.MOCK: "mock",
    Role.DIAGNOSTIC: "mock",
    Role.REWORK: "mistakes",
    Role.REVIEW: "notes",
    Role.LIGHT_REVIEW: "notes",
}


def of_any_unit(text: Text, role: Role) -> bool:
    """Return whether `text` is work of a `role` that is over many units, as it is done whichever they are."""
    kind, whole = _OF_ANY.get(role), f"{text.title}\n{text.detail}".casefold()
    if role in _TESTS and beginnings("ways", "sitting").search(whole):
        return True
    return bool(kind and beginnings("signs", kind).search(whole))


def of_another_kind(text: Text, role: Role) -> Iterator[tuple[str, str]]:
    """Yield a code and a complaint where `text` is another kind of work, or claims study that may never have been."""
    title, whole = text.title.casefold(), f"{text.title}\n{text.detail}".casefold()
    if role in _NO_MOCK and beginnings("signs", "mock").search(title):
        yield "kind", f"sits a mock paper; this step is {role.replace('_', ' ')}"
    needed = role in _TESTS or (role in _ACTIVE and beginnings("signs", "receive").search(whole))
    unlike = _works(role, title, whole)
    if unlike or (needed and not any(beginnings("signs", kind).search(whole) for kind in _OWN[role])):
        yield "kind", f"is another kind of work; this step is {role.replace('_', ' ')}"
    said = pattern("quoted").sub(" ", whole)
    if pattern("together").search(whole):
        said = pattern("latin").sub(" ", said)  # where another script is written, these are examples of a language
    if role in {Role.LESSON, Role.DIAGNOSTIC} and beginnings("signs", "claims").search(said):
        yield "claim", "speaks of earlier study that may never have been"


def _works(role: Role, title: str, whole: str) -> bool:
    """Return whether `whole` works in a way that `role` never does: a recall with the book open, say."""
    opened, copied = (beginnings("ways", way).search(whole) for way in ("open", "copy"))
    closed, first = beginnings("ways", "closed").search(whole), beginnings("ways", "first").search(title)
    if role is Role.RECALL:
        return bool(opened or ((copied or first) and not closed))
    if role in _TESTS:
        return bool((opened or copied) and not beginnings("ways", "sitting").search(whole))
    if role is Role.REWORK:
        begins = first or beginnings("signs", "mock").search(title)
        return bool(begins and not beginnings("signs", "mistakes").search(whole))
    if role is Role.LESSON:
        taught = copied or any(beginnings("signs", kind).search(whole) for kind in ("learn", "receive"))
        return bool(beginnings("ways", "closed").search(title) and not taught)
    return bool(first and role not in {Role.PRACTICE, Role.REVIEW})
