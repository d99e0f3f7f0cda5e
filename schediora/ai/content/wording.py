"""Is this text fit to be shown to a student? Pure judgements of strings, with no idea of plans."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Self

from schediora.ai.content.contacts import holds_address, holds_phone_number, leads_elsewhere
from schediora.ai.content.instructions import FIELDS, SLOTS_SYSTEM, UNITS_SYSTEM
from schediora.subjects.text import WITHOUT_JOINERS, fingerprint, has_unseen, plain, shown

_LEAK_WORDS = 6
"""So many words in a row from the instructions are no coincidence."""

_MARKUP = re.compile(
    r"<(?=[^\W\d_]|[/!?])|&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8}\d{0,2});|`|\*\*|^\s{0,3}#{1,6}\s|"
    r"\[[^\]\n]{1,200}\]\([^)\n]{1,200}\)|^[ \t]{0,8}\|[^\n]{0,400}\||"
    r"\$\$|\\\(|\\\[|\\[a-zA-Z]{2}|\{\{|\}\}|\{\s{0,8}\"",
    re.IGNORECASE | re.MULTILINE,
)
"""What is repeated is bounded, here and in every pattern beside it: a text costs its length, whatever it holds."""
_CODE = re.compile(r"`([^`<>|&\n]{1,60})`")
_FILE = re.compile(
    r"(?<![\w./@:-])[\w-]{1,40}\.(?:py|js|ts|rs|sh|md|java|cpp|css|html|csv|txt|json|toml|sql|ipynb)(?![\w./@:-])"
)
_LEAK = re.compile(
    r"\bas an? (?:ai|(?:large )?language model)\b|system prompt|previous instructions|"
    r"<\|?(?:im_|end|assistant|user|system)|\[/?inst\]|" + "|".join(map(re.escape, FIELDS)),
    re.IGNORECASE,
)
_WORDS = tomllib.loads(files("schediora.ai.content").joinpath("words.toml").read_text("utf-8"))
_GENERIC = frozenset(" ".join(_WORDS["generic"].values()).split())
_GENERIC_UNSPACED = re.compile("|".join(" ".join(_WORDS["generic_unspaced"].values()).split()))


@dataclass(frozen=True, slots=True)
class Given:
    """The student's own words: an outline that repeats them is not to be blamed for what they look like."""

    pattern: re.Pattern[str] | None
    unfit: re.Pattern[str] | None

    @classmethod
    def of_words(cls, texts: Iterable[str]) -> Self:
        """Return `texts` as words that were given."""
        phrases = {phrase for text in texts if (phrase := shown(text))}
        # A letter on either side, as in languages that hang their endings on a word, can make a sign a fault.
        odd = {phrase for phrase in phrases if any(list(unfit(text)) for text in (phrase, f"a{phrase}a"))}
        return cls(_any_of(phrases), _any_of(odd))

    def removed_from(self, text: str) -> str:
        """Return `text` with each of the student's phrases replaced by a space."""
        return self.pattern.sub(" ", text) if self.pattern else text

    def excused_in(self, text: str) -> str:
        """Return `text` with those phrases replaced that are unfit by themselves. Others stay: a topic does not excuse
        the address that a model makes of it.
        """
        return self.unfit.sub(" ", text) if self.unfit else text


def _any_of(phrases: Iterable[str]) -> re.Pattern[str] | None:
    longest_first = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    return re.compile("|".join(map(_whole_words, longest_first)), re.IGNORECASE) if longest_first else None


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


def vague(title: str) -> bool:
    """Return whether a title, without the student's own words, names nothing but studying ("Study Plan", "Step 1")."""
    words = [word for word in fingerprint(title).split() if word not in _GENERIC and (len(word) > 1 or _is_wide(word))]
    return letters(_GENERIC_UNSPACED.sub("", "".join(words))) < 3


def says_nothing(detail: str, title: str, *, least: int) -> bool:
    """Return whether `detail` is too short to say something, or is the title again with hardly anything added."""
    print_, of_title = fingerprint(detail), fingerprint(title)
    added = print_.replace(of_title, "", 1) if of_title else print_
    return letters(print_) < least or letters(added) < least / 2


def without_code(text: str) -> str:
    """Return `text` without the marks around names of a program, and without names of files: some look like hosts."""
    return _FILE.sub(" ", _CODE.sub(r"\1", text))


def unfit(text: str, *, code: bool = False) -> Iterator[tuple[str, str]]:
    """Yield a code and a complaint for each thing in `text` that a student must never see.

    `code` tells of a text about programs.
    """
    searched = plain(text)
    if has_unseen(text):
        yield "characters", "holds characters that no screen shows"
    if _MARKUP.search(text.translate(WITHOUT_JOINERS)):
        yield "markup", "holds markup; write plain sentences"
    if holds_address(searched) or leads_elsewhere(searched, code=code):
        yield "link", "holds a link or an address"
    if holds_phone_number(searched):
        yield "phone", "holds a phone number"
    if _LEAK.search(searched) or _repeats_instructions(text):
        yield "leaked_prompt", "repeats the instructions instead of writing about the topic"


def _windows(text: str) -> set[tuple[str, ...]]:
    words = fingerprint(text).split()
    return {tuple(words[start : start + _LEAK_WORDS]) for start in range(len(words) - _LEAK_WORDS + 1)}


_INSTRUCTIONS = _windows(SLOTS_SYSTEM) | _windows(UNITS_SYSTEM)


def _repeats_instructions(text: str) -> bool:
    return not _INSTRUCTIONS.isdisjoint(_windows(text))
