"""Which exams concern a topic: the one decision, for content, placement, replanning and the dashboard alike."""

from collections.abc import Iterable
from datetime import date

from schediora.subjects.recognition import overlap, recognise


def concerns(exam_topic: str, topic: str) -> bool:
    """Return whether an exam in `exam_topic` asks for something that `topic` teaches.

    "Mathematics" concerns "Math", "Biology final exam" concerns "Biologi", "Math" concerns "Calculus" and the other
    way round; "Trigonometry" does not concern "Calculus". A test concerns the subjects that it asks for: the UTBK Math.
    """
    return overlap(exam_topic, topic) or _asked_in(exam_topic, topic)


def exam_days(topic: str, exams: Iterable[tuple[str, date]], today: date) -> tuple[date, ...]:
    """Return the local days of the exams (topic and day) that concern `topic`, soonest first.

    An exam of today is over for planning: there is no day left to study for it.
    """
    return tuple(sorted({day for exam_topic, day in exams if day > today and concerns(exam_topic, topic)}))


def next_exam(topic: str, exams: Iterable[tuple[str, date]], today: date) -> tuple[str, date] | None:
    """Return the soonest exam (topic and local day) that concerns `topic` and is not over for planning."""
    ahead = ((day, exam_topic) for exam_topic, day in exams if day > today and concerns(exam_topic, topic))
    found = min(ahead, default=None)
    return (found[1], found[0]) if found else None


def _asked_in(exam_topic: str, topic: str) -> bool:
    exam, studied = recognise(exam_topic), recognise(topic)
    if exam is None or studied is None:
        return False
    asked = {key for part in exam.parts if not part.named for key in part.subject.asks}
    return not asked.isdisjoint(part.subject.key for part in studied.parts)
