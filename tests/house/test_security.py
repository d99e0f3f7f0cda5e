"""The page on security: it speaks of every point that it has to, and the tests that it names are there."""

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
LEVEL_2 = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2,
    "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1,
    "3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2,
    "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4,
    "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
    "6.1": 3, "6.2": 11, "6.3": 3, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4,
    "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2,
    "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1,
    "9.1": 3, "9.2": 4,
    "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
    "12.1": 3, "12.2": 2, "12.3": 4,
    "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5,
    "14.1": 2, "14.2": 4, "14.3": 3,
    "15.1": 3, "15.2": 3, "15.3": 7,
    "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3,
}  # fmt: skip
"""How many points of levels 1 and 2 each section of ASVS 5.0 begins with; chapters 10 and 17 are of nothing here."""
TO = "\N{EN DASH}"
MET = {"yes", "no", "operator", "none"}


def rows() -> list[list[str]]:
    table = PAGE.partition("## OWASP ASVS")[2].partition("\n## ")[0]
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines() if line.startswith("| ")][
        1:
    ]


def points(cell: str) -> list[str]:
    """Return the points that a cell names: each by itself, or the first and the last of a row of them."""
    found = []
    for part in cell.split(", "):
        first, _, last = part.partition(TO)
        section, _, number = first.rpartition(".")
        until = int((last or first).rpartition(".")[2])
        found += [f"{section}.{each}" for each in range(int(number), until + 1)]
    return found


def test_every_point_of_level_2_is_spoken_of_once() -> None:
    spoken = [point for cell, *_ in rows() if cell not in ("10", "17") for point in points(cell)]
    assert [point for point, times in Counter(spoken).items() if times > 1] == []
    assert set(spoken) == {f"{section}.{number + 1}" for section, most in LEVEL_2.items() for number in range(most)}


def test_what_is_met_says_how_and_what_is_not_is_an_accepted_risk() -> None:
    risks = PAGE.partition("## Accepted risks")[2]
    for cell, met, how, _ in rows():
        assert met in MET, cell
        assert how, cell
        assert met != "no" or cell in risks, cell


def test_every_test_that_is_named_is_there() -> None:
    named = set(re.findall(r"`((?:\w+/)*test_\w+\.py)(?:::(test_\w+))?`", PAGE))
    assert len(named) > 60
    missing = []
    for file, test in sorted(named):
        path = ROOT / "tests" / file
        if not path.is_file() or (test and f"def {test}(" not in path.read_text(encoding="utf-8")):
            missing.append(f"{file}::{test}")
    assert missing == []
