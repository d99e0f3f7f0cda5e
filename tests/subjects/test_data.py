"""The built-in subjects: complete in both languages, told apart at a glance, and right where it can be computed."""

import math
import re
import statistics
import tomllib
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from schediora.languages.language import LANGUAGES as WRITTEN
from schediora.subjects.catalog import subjects

DATA = Path(__file__).parents[2] / "schediora" / "subjects" / "data"
LANGUAGES = ("en", "id")
CORE = {"math", "biology", "chemistry", "physics", "english"}
MARKUP = re.compile(r"`|\*\*|<[A-Za-z/!]|https?://|www\.|\$\$|\{\{|\[[^\]]+\]\(")
KNOWN = {name: getattr(math, name) for name in dir(math) if not name.startswith("_")}
KNOWN |= {"math": math, "statistics": statistics, "Fraction": Fraction}

STRUCTURES = {folder.name: tomllib.loads((folder / "subject.toml").read_text("utf-8")) for folder in DATA.iterdir()}
TITLES = {folder.name: tomllib.loads((folder / "titles.toml").read_text("utf-8")) for folder in DATA.iterdir()}
TEXTS = {
    (folder.name, language): tomllib.loads((folder / f"{language}.toml").read_text("utf-8"))
    for folder in DATA.iterdir()
    for language in LANGUAGES
}
for (subject_key, its_language), its_text in TEXTS.items():
    its_text |= {"sections": TITLES[subject_key][its_language].get("sections", {})}
    for unit_key, its_words in its_text["units"].items():
        its_words["title"] = TITLES[subject_key][its_language]["units"][unit_key]


def unit(subject: str, language: str, key: str) -> dict[str, Any]:
    found: dict[str, Any] = TEXTS[subject, language]["units"][key]
    return found


@pytest.mark.parametrize("subject", STRUCTURES)
def test_a_subject_is_a_graph_whose_units_come_after_what_they_need(subject: str) -> None:
    before: set[str] = set()
    for each in STRUCTURES[subject]["units"]:
        assert set(each["needs"]) <= before, each["key"]
        assert each["key"] not in before
        before.add(each["key"])
    assert len(before) >= (14 if subject in CORE else 8)


@pytest.mark.parametrize(("subject", "language"), TEXTS)
def test_each_language_has_words_for_every_unit_and_section(subject: str, language: str) -> None:
    structure, text = STRUCTURES[subject], TEXTS[subject, language]
    assert list(text["units"]) == [each["key"] for each in structure["units"]]
    assert set(text.get("sections", {})) == set(structure["sections"])
    for key in text["units"]:
        english, own = unit(subject, "en", key), unit(subject, language, key)
        assert len(own["questions"]) == len(english["questions"])
        assert len(own["points"]) == len(english["points"])


@pytest.mark.parametrize(("subject", "language"), TEXTS)
def test_titles_and_points_are_told_apart_by_how_they_begin(subject: str, language: str) -> None:
    units = TEXTS[subject, language]["units"].values()
    titles = [each["title"][:22].casefold() for each in units]
    assert len(set(titles)) == len(titles)
    assert all(len(each["title"]) <= 34 for each in units)
    for each in units:
        assert len({point[:24].casefold() for point in each["points"]}) == len(each["points"])
        assert all(len(point) <= 60 for point in each["points"])


@pytest.mark.parametrize(("subject", "language"), TEXTS)
def test_every_text_is_plain_and_says_something(subject: str, language: str) -> None:
    for key in TEXTS[subject, language]["units"]:
        assert_is_plain_and_says_something(subject, language, key)


def assert_is_plain_and_says_something(subject: str, language: str, key: str) -> None:
    words = unit(subject, language, key)
    pairs = [entry[:2] for entry in words["questions"]]
    texts = [words["title"], *words["points"], words["example"], words["solution"], words["pitfall"], *chain(*pairs)]
    assert [text for text in texts if MARKUP.search(text) or len(text) > 900 or not text.strip()] == []
    assert len({question for question, _ in pairs}) == len(pairs) >= (8 if subject in CORE else 6)
    assert len(words["example"]) >= 60
    assert len(words["solution"]) >= 80


@pytest.mark.parametrize("subject", STRUCTURES)
def test_every_answer_that_can_be_computed_is_right(subject: str) -> None:
    checks = []
    for words in TEXTS[subject, "en"]["units"].values():
        checks += [entry[2] for entry in words["questions"] if len(entry) == 3]
        checks += [words["check"]] if "check" in words else []
    wrong = [check for check in checks if not eval(check, {"__builtins__": __builtins__} | KNOWN)]
    assert wrong == []


def test_a_test_asks_for_subjects_that_there_are() -> None:
    keys = {subject.key for subject in subjects()}
    assert {key for subject in subjects() for key in subject.asks} <= keys


def test_the_catalog_holds_what_the_files_say() -> None:
    assert {subject.kin for subject in subjects()} == set(STRUCTURES)
    for subject in subjects():
        keys = [each.key for each in subject.units]
        assert len(set(keys)) == len(keys)
        for each in subject.units:
            assert set(each.needs) < set(keys)
            assert each.title("id") != each.key
            assert each.material("fr") == each.material("en")


def test_titles_in_every_language_are_whole_short_and_told_apart() -> None:
    faults = []
    for subject, titles in TITLES.items():
        keys = [each["key"] for each in STRUCTURES[subject]["units"]]
        for language, called in titles.items():
            found = called["units"]
            begun = {title[:22].casefold() for title in found.values()}
            if (
                list(found) != keys
                or len(begun) < len(keys)
                or max(map(len, found.values())) > 34
                or not called["name"]
            ):
                faults.append((subject, language))
    assert faults == []
    assert all(set(TITLES[subject]) == set(WRITTEN) for subject in {*CORE, "ielts", "toeic", "statistics", "guitar"})
