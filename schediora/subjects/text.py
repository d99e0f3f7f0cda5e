"""A student's words as they are shown and as they are compared.

Which characters a screen shows is said here: the rest can hide words, turn a line's direction or carry what nobody
sees.
"""

import re
import unicodedata
from functools import lru_cache

_JOINERS = "\u200c\u200d"
"""ZWNJ and ZWJ, with which Persian, Hindi and emoji are spelled."""
WITHOUT_JOINERS = dict.fromkeys(map(ord, _JOINERS))
_SELECTORS = re.compile("[\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""Variation selectors: one may follow a character; more of them, or one alone, spell what nobody sees."""
_IGNORABLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff0-\ufffb\ufffd\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Default_Ignorable_Code_Point (Unicode 16, DerivedCoreProperties.txt), and what stands for a lost character."""
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")
_TELLING = "#*%@"
"""Punctuation by category that tells things apart: C# is not C."""
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co"})
_TITLES_KEPT = 16_384
"""As many titles as our subjects have, twice over, for they are compared again and again."""
_PLANE = 0xFFFF
_NONCHARACTERS = 0xFFFE
"""The last two code points of every plane are no characters (Unicode 16, 23.7)."""


def has_unseen(text: str) -> bool:
    """Return whether `text` holds a character that no screen shows, line ends aside."""
    return any(_unseen(char, before) and char != "\n" for before, char in zip(f" {text}", text, strict=False))


def without_unseen(text: str) -> str:
    """Return `text` without the characters that no screen shows; white space stays."""
    if text.isascii() and text.isprintable():
        return text
    kept: list[str] = []
    for char in text:
        if char.isspace() or not _unseen(char, kept[-1] if kept else " "):
            kept.append(char)
    return "".join(kept)


def shown(text: str) -> str:
    """Return a student's words on one line, without the characters that no screen shows or that turn its direction."""
    return " ".join(without_unseen(text).split())


def fingerprint(text: str) -> str:
    """Return what two texts have in common that say the same: without case, punctuation, digits and spacing."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(char if unicodedata.category(char)[0] in "LM" else " " for char in folded).split())


@lru_cache(maxsize=_TITLES_KEPT)
def compared_title(title: str) -> str:
    """Return what two titles of a list share when a reader takes them for one: "Limits:  Intro" and "limits intro".

    Digits and signs tell titles apart ("Chapter 1", "C++" and "C#"); case, spacing and punctuation do not.
    """
    folded = unicodedata.normalize("NFKC", without_unseen(title)).casefold()
    words = "".join(char if unicodedata.category(char)[0] in "LMNS" or char in _TELLING else " " for char in folded)
    return " ".join(words.split()) or folded.strip()


def plain(text: str) -> str:
    """Return `text` in the plainest letters and digits that look like it, for a search that nothing hides from."""
    folded = unicodedata.normalize("NFKC", without_unseen(text)).translate(WITHOUT_JOINERS | _DASHES)
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in folded)


def _unseen(char: str, before: str) -> bool:
    if char in _JOINERS:
        return False
    if _SELECTORS.match(char):
        return before.isspace() or bool(_SELECTORS.match(before)) or unicodedata.category(before) in _HIDDEN
    return unicodedata.category(char) in _HIDDEN or bool(_IGNORABLE.match(char)) or ord(char) & _PLANE >= _NONCHARACTERS
