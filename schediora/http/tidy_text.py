"""One spelling for what people type: composed, without white space that nobody sees, and never invisible."""

import unicodedata

MOST_MARKS = 30
"""Marks on one letter (UAX #15, Stream-Safe Text Format): no script needs more, and ordering them costs the square."""

_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and symbols that are drawn as nothing: the Hangul fillers and the empty Braille cell."""
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Me", "Mn", "Zl", "Zp", "Zs"})
"""General categories without a mark of their own on paper (UAX #44, table 12)."""

_KEPT_FOR_CONTROLS = (range(0x2065, 0x2066), range(0xFFF0, 0x10000), range(0xE0000, 0xE1000))
"""Unassigned and ignored when shown (Default_Ignorable_Code_Point, Unicode chapter 5.21)."""


def composed(text: str) -> str:
    """Return `text` in Normalization Form C; raise ValueError for more than 30 marks on one letter."""
    if text.isascii():
        return text
    run = 0
    for character in text:
        run = run + 1 if unicodedata.combining(character) else 0
        if run > MOST_MARKS:
            raise ValueError(f"must not have more than {MOST_MARKS} marks on one letter")
    return unicodedata.normalize("NFC", text)


def tidied(text: str) -> str:
    """Return `text` composed, trimmed, and with one blank for each run of white space; empty when nothing of it is
    visible. Raises ValueError as `composed` does.
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
