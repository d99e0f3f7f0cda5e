"""One spelling for what people type: composed, without white space that nobody sees, and never invisible."""

import itertools
import unicodedata

SHORT = 256
"""Characters up to which the square of the length is nothing to speak of."""

_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and symbols that are drawn as nothing: the Hangul fillers and the empty Braille cell."""
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Me", "Mn", "Zl", "Zp", "Zs"})
"""General categories without a mark of their own on paper (UAX #44, table 12)."""

_KEPT_FOR_CONTROLS = (range(0x2065, 0x2066), range(0xFFF0, 0x10000), range(0xE0000, 0xE1000))
"""Unassigned and ignored when shown (Default_Ignorable_Code_Point, Unicode chapter 5.21)."""


def composed(text: str) -> str:
    """Return `text` in Normalization Form C (UAX #15), at a cost in proportion to its length."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", text if len(text) <= SHORT else _ordered(text))


def _ordered(text: str) -> str:
    """Return `text` decomposed and its marks in canonical order, which is a stable sort (The Unicode Standard, D109).

    Python inserts each mark at its place, so that 30,000 marks on one letter would hold everybody up for a second.
    """
    decomposed = "".join(unicodedata.normalize("NFD", character) for character in text)
    runs = itertools.groupby(decomposed, key=lambda character: unicodedata.combining(character) > 0)
    return "".join("".join(sorted(run, key=unicodedata.combining) if marks else run) for marks, run in runs)


def tidied(text: str) -> str:
    """Return `text` composed, trimmed, and with one blank for each run of white space; empty when nothing of it is
    visible.
    """
    tidy = " ".join(composed(text).split())
    return tidy if (tidy.isascii() and tidy.isprintable()) or any(map(_visible, tidy)) else ""


def _visible(character: str) -> bool:
    """Tell whether the character shows. What this Python's tables do not know yet is taken for a new symbol, unless its
    place is kept for format controls.
    """
    category = unicodedata.category(character)
    if category == "Cn":
        return not any(ord(character) in kept for kept in _KEPT_FOR_CONTROLS)
    return category not in _UNSEEN and character not in _BLANKS
