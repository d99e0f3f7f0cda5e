"""The stage of learning that a topic or a goal names."""

import re

from schediora.subjects.catalog import Stage

_LAST_LOWER_GRADE = 9
"""Grade 9, kelas 9: the last of lower secondary school in most of the world."""
_LAST_GRADE = 13
_ROMAN = {"vii": 7, "viii": 8, "ix": 9, "x": 10, "xi": 11, "xii": 12}

_GRADE = re.compile(
    r"\b(?:grade|class|year|kelas|klasse|form|std|standard)\s{0,2}(\d{1,2}|vii|viii|ix|x|xi|xii)\b|"
    r"\b(\d{1,2})(?:st|nd|rd|th) grade\b"
)
_NAMED: tuple[tuple[Stage, re.Pattern[str]], ...] = (
    (
        "university",
        re.compile(
            r"\b(?:university|college|undergraduate|freshman|bachelor|kuliah|mahasiswa|universitas|s1|uni|universität|université|universidad|universidade)\b"
        ),
    ),
    (
        "upper",
        re.compile(
            r"\b(?:a[- ]?levels?|as[- ]level|ap|ib|high school|senior high|sixth form|sma|smk|ma|abitur|lycée|"
            r"bachillerato|ensino médio|utbk|snbt|sat|jee|neet)\b|高校|高中|егэ"
        ),
    ),
    (
        "lower",
        re.compile(r"\b(?:middle school|junior high|lower secondary|smp|mts|gcse|igcse|collège|ks3)\b|中学|初中|огэ"),
    ),
)


def stage_of(text: str) -> Stage | None:
    """Return the stage that `text` names ("Grade 7 math", "Kelas 10", "AP Physics"), None when it names none."""
    folded = text.casefold()
    if found := _GRADE.search(folded):
        number = _ROMAN.get(found[1] or "") or int(found[1] or found[2])
        if number <= _LAST_GRADE:
            return "lower" if number <= _LAST_LOWER_GRADE else "upper"
    return next((stage for stage, pattern in _NAMED if pattern.search(folded)), None)
