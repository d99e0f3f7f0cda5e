"""The language of a plan: the topic's own, unless the student says or lives otherwise; never a guess from nothing."""

from hypothesis import given
from hypothesis import strategies as st

from schediora.languages.language import LANGUAGES
from schediora.subjects.language import languages_of_zone, plan_language


def language(
    topic: str, goal: str = "", zone: str = "UTC", *, chosen: str | None = None, last: str | None = None
) -> str:
    return plan_language(topic, goal, chosen=chosen, zone=zone, last=last)


TOPICS = {
    ("Biologi", "Semester exam", "UTC"): "id",
    ("UTS Biologi", "", "UTC"): "id",
    ("Biologi final exam", "", "UTC"): "id",
    ("Biology", "Lulus ujian masuk", "UTC"): "en",
    ("Biology", "Lulus ujian masuk", "Asia/Tokyo"): "en",
    ("Biology", "Lulus ujian masuk", "Asia/Jakarta"): "id",
    ("Biology", "Lulus ujian masuk", "Asia/Ujung_Pandang"): "id",
    ("Biology", "Semester exam", "Asia/Jakarta"): "en",
    ("Photosynthesis", "Lulus ujian", "UTC"): "en",
    ("Linear algebra", "Сдать экзамен", "Europe/Moscow"): "ru",
    ("Linear algebra", "Сдать экзамен", "UTC"): "en",
    ("数学", "試験に合格する", "UTC"): "ja",
    ("数学", "Semester exam", "Asia/Tokyo"): "ja",
    ("数学", "", "Asia/Shanghai"): "zh",
    ("数学", "", "UTC"): "zh",
    ("數學", "", "UTC"): "en",
    ("數學", "", "Asia/Taipei"): "en",
    ("生物", "", "Asia/Hong_Kong"): "en",
    ("生物", "", "Asia/Tokyo"): "ja",
    ("歴史", "", "UTC"): "ja",
    ("历史", "", "Asia/Tokyo"): "zh",
    ("日本の歴史", "", "Asia/Shanghai"): "ja",
    ("TOEIC", "試験に合格する", "UTC"): "ja",
    ("TOEIC", "Semester exam", "Asia/Tokyo"): "en",
    ("🧪", "", "America/Sao_Paulo"): "pt",
    ("Biologie", "", "Europe/Berlin"): "de",
    ("Biologie", "", "Europe/Paris"): "fr",
    ("Statistik", "", "Europe/Vienna"): "de",
    ("Statistik", "", "Asia/Jakarta"): "id",
    ("mathe\u0301matiques", "", "UTC"): "fr",
    ("Matemáticas", "", "UTC"): "es",
    ("Matemática", "", "UTC"): "pt",
    ("Math", "Lulus ujian", "UTC"): "en",
    ("Optik", "", "Asia/Jakarta"): "id",
    ("Quimica", "", "America/Sao_Paulo"): "pt",
    ("Matematicas", "", "UTC"): "es",
    ("Derecho civil", "", "UTC"): "es",
    ("Fiqih", "Semester exam", "UTC"): "id",
    ("Алгебра", "Semester exam", "UTC"): "ru",
    ("Хімія", "", "UTC"): "en",
    ("رياضيات", "", "UTC"): "ar",
    ("ریاضی", "", "UTC"): "en",
    ("수학", "", "UTC"): "ko",
    ("गणित", "", "UTC"): "hi",
    ("JEE", "परीक्षा की तैयारी", "Asia/Kolkata"): "hi",
    ("🙂", "", "Asia/Kolkata"): "en",
    ("El Niño", "", "UTC"): "en",
}


def test_the_topic_decides_and_english_gives_way_to_a_goal_in_the_language_of_the_zone() -> None:
    wrong = {asked: found for asked, wanted in TOPICS.items() if (found := language(*asked)) != wanted}
    assert wrong == {}


def test_what_the_student_chose_wins() -> None:
    assert language("Biology", chosen="id-ID") == "id"
    assert language("数学", "試験に合格する", "Asia/Tokyo", chosen="de") == "de"
    assert language("Biologi", chosen="zh-Hant-TW") == "en"
    assert language("Biologi", chosen="it") == "en"
    assert language("Biologi", chosen="zh-CN") == "zh"


def test_where_topic_and_goal_tell_nothing_the_last_plan_does_then_the_zone() -> None:
    assert language("IELTS", zone="Asia/Jakarta", last="ru") == "ru"
    assert language("IELTS", zone="Asia/Jakarta") == "id"
    assert language("IELTS", "Semester exam", "Asia/Jakarta", last="ru") == "en"
    assert language("Biologie", last="de") == "de"
    assert languages_of_zone("UTC") == ()


@given(st.text(max_size=150), st.text(max_size=200), st.sampled_from(["UTC", "Asia/Tokyo", "Europe/Zurich"]))
def test_any_words_have_a_language_that_schediora_writes(topic: str, goal: str, zone: str) -> None:
    assert language(topic, goal, zone) in LANGUAGES
