"""The stage of learning that a topic or a goal names."""

import re

from schediora.subjects.catalog import Stage

_LAST_LOWER_GRADE = 9
"""Grade 9, kelas 9: the last of lower secondary school in most of the world."""
_LAST_GRADE = 13
_ROMAN = {"vii": 7, "viii": 8, "ix": 9, "x": 10, "xi": 11, "xii": 12}

_GRADE = re.compile(
    r"\b(?:grade|class|year|kelas|klasse|form|std|standard)\s{0,2}(\d{1,2}|vii|viii|ix|x|xi|xii)\b|"
    r"\b(\d{1,2})(?:st|nd|rd|th) grade\b|\b(\d{1,2})[-\s]?(?:й\s)?класс|कक्षा\s?(\d{1,2})|\b(\d{1,2})\. klasse"
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
            r"bachillerato|ensino médio|oberstufe|terminale|utbk|snbt|sat|jee|neet)\b|"
            r"高校|高中|егэ|高[一二三考]|고등|고[123]|수능"
        ),
    ),
    (
        "lower",
        re.compile(
            r"\b(?:middle school|junior high|lower secondary|smp|mts|gcse|igcse|collège|ks3|mittelstufe|secundaria|"
            r"ensino fundamental)\b|中学|初中|огэ|初[一二三]|中考|중학|중[123]"
        ),
    ),
)


def stage_of(text: str) -> Stage | None:
    """Return the stage that `text` names ("Grade 7 math", "Kelas 10", "AP Physics"), None when it names none."""
    folded = text.casefold()
    if found := _GRADE.search(folded):
        number = _ROMAN.get(found[1] or "") or int(next(filter(None, found.groups())))
        if number <= _LAST_GRADE:
            return "lower" if number <= _LAST_LOWER_GRADE else "upper"
    return next((stage for stage, pattern in _NAMED if pattern.search(folded)), None)
