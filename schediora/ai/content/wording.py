"""Is this text fit to be shown to a student? Pure judgements of strings, with no idea of plans."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Self

from schediora.ai.content.brief import Brief
from schediora.ai.content.instructions import FIELDS, SYSTEM

_BIDI_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LEAK_WORDS = 6
"""So many words in a row from the instructions are no coincidence."""

_TAGS = (
    "a|b|i|u|p|br|hr|em|tt|ul|ol|li|td|tr|th|h[1-6]|div|pre|img|sub|sup|svg|body|code|font|form|head|html|link|meta|span|"
    "table|tbody|style|input|center|script|strong|button|iframe|think"
)
_MARKUP = re.compile(
    rf"</?(?:{_TAGS})\b[^<>]*>|<!--|&(?:lt|gt|amp|nbsp|quot|#\d+);|`|\*\*|^\s{{0,3}}#{{1,6}}\s|\[[^\]\n]+\]\([^)\n]+\)|"
    r"^\s*\|.*\||\$\$|\\\(|\\\[|\\[a-zA-Z]{2,}|\{\{|\}\}|\{\s*\"",
    re.IGNORECASE | re.MULTILINE,
)
_LINK = re.compile(r"\b[a-z][a-z0-9+.-]*://|\bwww\.\w|\bjavascript:|\bmailto:", re.IGNORECASE)
_LEAK = re.compile(
    r"\bas an? (?:ai|(?:large )?language model)\b|system prompt|previous instructions|"
    r"<\|?(?:im_|end|assistant|user|system)|\[/?inst\]|" + "|".join(map(re.escape, FIELDS)),
    re.IGNORECASE,
)
_WORDS = tomllib.loads(files("schediora.ai.content").joinpath("words.toml").read_text("utf-8"))
_GENERIC = frozenset(" ".join(_WORDS["generic"].values()).split())
_GENERIC_UNSPACED = re.compile("|".join(" ".join(_WORDS["generic_unspaced"].values()).split()))


def shown(text: str) -> str:
    """Return a student's words on one line, without the characters that no screen shows or that turn its direction."""
    kept = (" " if char.isspace() else char for char in text if char.isspace() or _visible(char))
    return " ".join("".join(kept).split())


def _visible(char: str) -> bool:
    return unicodedata.category(char) not in {"Cc", "Cs"} and char not in _BIDI_OVERRIDES


@dataclass(frozen=True, slots=True)
class Given:
    """The student's own words: an outline that repeats them is not to be blamed for what they look like."""

    pattern: re.Pattern[str] | None

    @classmethod
    def of(cls, brief: Brief) -> Self:
        """Return the words of `brief`, longest phrase first."""
        texts = (brief.topic, brief.goal, *brief.focus_topics, *(exam.topic for exam in brief.exams))
        phrases = sorted(
            {phrase for text in texts if (phrase := shown(text))}, key=lambda phrase: (-len(phrase), phrase)
        )
        if not phrases:
            return cls(None)
        return cls(re.compile("|".join(_whole_words(phrase) for phrase in phrases), re.IGNORECASE))

    def removed_from(self, text: str) -> str:
        """Return `text` with each of the student's phrases replaced by a space."""
        return self.pattern.sub(" ", text) if self.pattern else text


def _whole_words(phrase: str) -> str:
    # Scripts written without spaces have no word ends to look for.
    before = r"(?<!\w)" if phrase[0].isalnum() and not _is_wide(phrase[0]) else ""
    after = r"(?!\w)" if phrase[-1].isalnum() and not _is_wide(phrase[-1]) else ""
    return f"{before}{re.escape(phrase)}{after}"


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in {"W", "F"}


def letters(text: str) -> int:
    """Return how many letters `text` has; one of Chinese, Japanese or Korean says as much as two."""
    return sum(2 if _is_wide(char) else 1 for char in text if char.isalpha())


def fingerprint(text: str) -> str:
    """Return what two texts have in common that say the same: without case, punctuation, digits and spacing."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(char if unicodedata.category(char)[0] in "LM" else " " for char in folded).split())


def vague(title: str) -> bool:
    """Return whether a title, without the student's own words, names nothing but studying ("Study Plan", "Step 1")."""
    words = [word for word in fingerprint(title).split() if word not in _GENERIC and (len(word) > 1 or _is_wide(word))]
    return letters(_GENERIC_UNSPACED.sub("", "".join(words))) < 3


def says_nothing(detail: str, title: str, *, least: int) -> bool:
    """Return whether `detail` is too short to say something, or is the title again with hardly anything added."""
    print_, of_title = fingerprint(detail), fingerprint(title)
    added = print_.replace(of_title, "", 1) if of_title else print_
    return letters(print_) < least or letters(added) < least / 2


def unfit(text: str) -> Iterator[tuple[str, str]]:
    """Yield a code and a complaint for each thing in `text` that a student must never see."""
    if any(not _visible(char) and char != "\n" for char in text):
        yield "characters", "holds control characters"
    if _MARKUP.search(text):
        yield "markup", "holds markup; write plain sentences"
    if _LINK.search(text):
        yield "link", "holds a link"
    if _LEAK.search(text) or _repeats_instructions(text):
        yield "leaked_prompt", "repeats the instructions instead of writing about the topic"


def _windows(text: str) -> set[tuple[str, ...]]:
    words = fingerprint(text).split()
    return {tuple(words[start : start + _LEAK_WORDS]) for start in range(len(words) - _LEAK_WORDS + 1)}


_INSTRUCTIONS = _windows(SYSTEM)


def _repeats_instructions(text: str) -> bool:
    return not _INSTRUCTIONS.isdisjoint(_windows(text))
