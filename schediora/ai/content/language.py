"""Whether a text is in another script or language than the student's words, as far as that can honestly be said."""

from schediora.subjects.language import families, languages_of, main_family, tongue

_FOREIGN = 12
"""So much must speak for another language before a plan is called foreign."""
_FOREIGN_SHARE = 0.3
_FOREIGN_LETTERS = 12
_WRITTEN_SCRIPTS = frozenset({None, "LATIN", "CYRILLIC", "ARABIC", "CJK", "HANGUL", "DEVANAGARI"})


def foreign_script(text: str, topic: str, goal: str) -> bool:
    """Return whether `text` is in another script than a plan for `topic` may be.

    A topic in Latin letters may get a plan in the goal's script (TOEIC, in Japanese). Of scripts that the rules
    cannot write nothing is demanded.
    """
    wanted = main_family(topic)
    allowed = {wanted, main_family(goal)} if wanted in {None, "LATIN"} else {wanted}
    counted = families(text)
    total = sum(counted.values())
    if wanted is None or not allowed <= _WRITTEN_SCRIPTS or total < _FOREIGN_LETTERS:
        return False
    return all(counted[family] < _FOREIGN_SHARE * total for family in allowed if family)


def foreign_tongue(text: str, topic: str, goal: str) -> bool:
    """Return whether `text` is clearly in another Latin-script language than the student's words are."""
    if main_family(topic) not in {None, "LATIN"} or main_family(goal) not in {None, "LATIN"}:
        return False
    wanted = languages_of(topic) or languages_of(goal)
    found = tongue(text, least=_FOREIGN)
    return bool(wanted) and found is not None and found not in wanted
