"""What a model lists as the units of a subject is checked before anybody learns by it."""

from typing import Any

from schediora.ai.model.unit_list import MOST, units_of
from tests.model_answers import units


def test_a_sound_list_is_taken_as_it_is() -> None:
    taken = units_of(units("Bookbinding"), "Bookbinding", "en")
    assert [unit.title for unit in taken] == [entry["title"] for entry in units("Bookbinding")]


def test_units_that_need_each_other_in_a_circle_need_only_what_stands_before() -> None:
    listed = units("Bookbinding")
    for index, entry in enumerate(listed):
        entry["needs"] = [listed[(index + 1) % 10]["title"], listed[index]["title"], "Nothing known", 7, None]
    needs = [unit.needs for unit in units_of(listed, "Bookbinding", "en")]
    assert needs[:9] == [()] * 9
    assert needs[9] == (listed[0]["title"],)


def test_unfit_titles_are_left_out() -> None:
    bad = ["See www.example.com", "Call 0812 3456 7890", "<b>Sewing</b>", "Week 1", "Bookbinding", "", "x" * 400]
    bad += ["Sewing on Monday at 7 pm", "Binding through the night with caffeine pills"]
    taken = units_of([{"title": title} for title in bad] + units("Bookbinding"), "Bookbinding", "en")
    assert [unit.title for unit in taken] == [entry["title"] for entry in units("Bookbinding")]


def test_equal_titles_are_one_unit_and_too_few_are_none() -> None:
    assert units_of([{"title": "Sewing"}] * 60, "Bookbinding", "en") == ()
    assert units_of(units("Bookbinding")[:7], "Bookbinding", "en") == ()


def test_no_more_than_forty_are_taken() -> None:
    names = [f"{a}{b} sewing of sections" for a in "bcdfghklmn" for b in "aeiou"]
    assert len(units_of([{"title": name} for name in names], "Bookbinding", "en")) == MOST


def test_a_list_in_another_script_is_none() -> None:
    titles = [
        "歴史の始まり",
        "道具の種類",
        "基本の形",
        "材料の選択",
        "寸法の測定",
        "接合の方法",
        "表面の処理",
        "修理の手順",
    ]
    assert units_of([{"title": title} for title in titles], "Penjilidan buku untuk pemula", "id") == ()


def test_minutes_are_within_reason() -> None:
    odd: list[Any] = [5, 62, 9000, 1e400, "60", True, None, -3]
    listed = [{**entry, "minutes": minutes} for entry, minutes in zip(units("Bookbinding"), odd, strict=False)]
    assert [unit.minutes for unit in units_of(listed, "Bookbinding", "en")] == [30, 60, 180, 60, 60, 60, 60, 60]
