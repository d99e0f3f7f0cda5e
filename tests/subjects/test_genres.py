"""The kind of work that an unknown topic is studied by."""

from schediora.subjects.genres import genre_of, usual_paper_minutes

TOPICS = {
    "Learn the piano": "instrument",
    "Bermain piano": "instrument",
    "ピアノ": "instrument",
    "Italian language": "language",
    "Bahasa Sunda": "language",
    "Latein": "language",
    "JavaScript": "programming",
    "C++": "programming",
    "Algoritma dan struktur data": "programming",
    "Criminal law": "reading",
    "Sejarah Islam": "reading",
    "Philosophy": "reading",
    "Art history": "reading",
    "Fluid mechanics": "problems",
    "Teknik elektro": "problems",
    "GRE": "test",
    "Citizenship test": "test",
    "Sertifikasi guru": "test",
    "Korean drama": "reading",
    "🧪🧪": "reading",
    "": "reading",
}


def test_the_genre_is_named_by_a_word_of_the_topic() -> None:
    wrong = {topic: found for topic, genre in TOPICS.items() if (found := genre_of(topic)) != genre}
    assert wrong == {}


def test_every_genre_has_a_usual_paper() -> None:
    assert all(15 <= usual_paper_minutes(genre_of(topic)) <= 180 for topic in TOPICS)
