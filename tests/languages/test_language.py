"""Days, lengths and numbers as each language says them."""

from datetime import date

import pytest

from schediora.languages.language import LANGUAGES, plural_of, written_in

WEDNESDAY = date(2026, 11, 25)
SAID = {
    "ar": ("الأربعاء 25 نوفمبر", "يوم واحد", "3 أيام", "2.5 ساعة", "20,000"),
    "de": ("Mittwoch, 25. November", "1 Tag", "3 Tage", "2,5 Stunden", "20.000"),
    "en": ("Wednesday 25 November", "1 day", "3 days", "2.5 hours", "20,000"),
    "es": ("miércoles 25 de noviembre", "1 día", "3 días", "2,5 horas", "20.000"),
    "fr": ("mercredi 25 novembre", "1 jour", "3 jours", "2,5 heures", "20\u202f000"),
    "hi": ("बुधवार, 25 नवंबर", "1 दिन", "3 दिन", "2.5 घंटे", "20,000"),
    "id": ("Rabu, 25 November", "1 hari", "3 hari", "2,5 jam", "20.000"),
    "ja": ("11月25日（水曜日）", "1日", "3日", "2.5時間", "20,000"),  # noqa: RUF001
    "ko": ("11월 25일 수요일", "1일", "3일", "2.5시간", "20,000"),
    "pt": ("quarta-feira, 25 de novembro", "1 dia", "3 dias", "2,5 horas", "20.000"),
    "ru": ("среда, 25 ноября", "1 день", "3 дня", "2,5 часа", "20\u00a0000"),
    "zh": ("11月25日星期三", "1 天", "3 天", "2.5 小时", "20,000"),
}


def test_every_language_says_a_date_a_length_and_a_number() -> None:
    said = {
        code: (
            spoken.date(WEDNESDAY),
            spoken.count("days", 1),
            spoken.count("days", 3),
            spoken.hours(150),
            spoken.number(20_000),
        )
        for code in LANGUAGES
        for spoken in [written_in(code)]
    }
    assert said == SAID


def test_every_language_has_a_name_for_each_day_and_month_and_a_form_for_each_number() -> None:
    for code in LANGUAGES:
        spoken = written_in(code)
        assert len({spoken.date(date(2026, month, 1)) for month in range(1, 13)}) == 12
        assert len({spoken.weekday(date(2026, 6, day)) for day in range(1, 8)}) == 7
        for noun in ("days", "hours", "minutes", "units"):
            assert all("{" not in spoken.count(noun, number) for number in (0, 0.5, *range(1, 130)))


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("en-GB", "en"),
        ("PT-br", "pt"),
        ("zh", "zh"),
        ("zh-Hans-CN", "zh"),
        ("zh-Hant", "en"),
        ("zh_TW", "en"),
        ("hant", "en"),
        ("nl", "en"),
        ("", "en"),
        ("../en", "en"),
    ],
)
def test_a_tag_of_another_language_or_none_is_written_to_in_english(tag: str, code: str) -> None:
    assert written_in(tag).code == code


def test_plural_forms_follow_the_number() -> None:
    russian = (1, 21, 2, 22, 5, 11, 12, 25, 111, 0.5)
    expected = ["one", "one", "few", "few", "many", "many", "many", "many", "many", "other"]
    assert [plural_of("ru", number) for number in russian] == expected
    arabic = (0, 1, 2, 3, 10, 103, 11, 99, 100, 0.5)
    expected = ["zero", "one", "two", "few", "few", "few", "many", "many", "other", "other"]
    assert [plural_of("ar", number) for number in arabic] == expected
    assert [plural_of("fr", number) for number in (0, 1, 1.5, 2)] == ["one", "one", "one", "other"]
    assert {plural_of("ja", number) for number in range(20)} == {"other"}
