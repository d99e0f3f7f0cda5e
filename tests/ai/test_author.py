"""The author of a frame's words over a model server, good or bad: every slot has words, whatever happens."""

from collections.abc import Callable, Sequence
from typing import Any

import openai
import pytest

from schediora.ai.author import Author, Authored, Degraded, build_author
from schediora.ai.content.text import Text, telling
from schediora.ai.curriculum.frame import Frame, Role
from schediora.ai.model.failures import FailureCode, ProviderError
from schediora.ai.model.slots import SlotAnswers, SlotFault, SlotRequest, UnitList
from schediora.ai.model.usage import Usage
from tests.ai.authors import BIOLOGY, author_of
from tests.ai.slots import slot, week
from tests.model_behaviours import FAILURES, Behaviour, delayed, good, refusal, says, server_error, streamed, writes
from tests.model_server import ModelServer, refused_url

assert openai.__version__  # imported here, so that no test's deadline pays for it


def written(
    server: ModelServer, *behaviours: Behaviour, frame: Frame | None = None, timeout: float = 5.0, **options: Any
) -> Authored:
    server.behave(*behaviours)
    return author_of(server.base_url, timeout=timeout).write(frame or week(), BIOLOGY, "en", **options)


def texts(authored: Authored) -> list[Text]:
    return [authored.text(index) for index in range(len(authored.own.texts))]


def alter(number: int, **changes: str) -> Behaviour:
    def change(slots: list[dict[str, Any]]) -> None:
        next(entry for entry in slots if entry["number"] == number).update(changes)

    return writes(change)


def test_without_a_model_all_words_are_our_own() -> None:
    authored = build_author(provider="rules").write(week(), BIOLOGY, "en")
    assert (authored.source, authored.degraded, authored.usage) == ("rules", None, None)
    assert texts(authored) == list(authored.own.texts)


def test_sound_words_of_the_model_are_taken_as_they_are(server: ModelServer) -> None:
    authored = written(server, streamed())
    assert (authored.source, authored.degraded) == ("openai:tiny", None)
    assert len(authored.kept) == 6
    assert authored.usage == Usage(900, 450)
    assert authored.milliseconds is not None
    assert len(server.calls) == 1


def test_one_bad_answer_is_asked_for_again_alone(server: ModelServer) -> None:
    authored = written(server, alter(3, detail="See https://example.com for all of it."), good())
    assert (authored.source, authored.degraded) == ("openai:tiny", None)
    assert [told["number"] for told in server.calls[1].data["slots"]] == [3]


def test_an_answer_that_stays_bad_is_replaced_alone(server: ModelServer) -> None:
    authored = written(server, alter(3, detail="See https://example.com for all of it."))
    assert authored.degraded == Degraded(FailureCode.CONTENT_REJECTED, 1, 6)
    assert authored.source == "openai:tiny"
    assert authored.text(2) == authored.own.texts[2]
    assert len(authored.kept) == 5
    assert len(server.calls) == 2


def test_answers_that_repeat_each_other_are_told_apart(server: ModelServer) -> None:
    same = "Cells and organelles: what each does in the life of a cell"

    def repeat(slots: list[dict[str, Any]]) -> None:
        for entry in slots[:2]:
            entry["title"] = f"{same}, number {entry['number']}"

    authored = written(server, writes(repeat), good())
    assert [told["number"] for told in server.calls[1].data["slots"]] == [2]
    assert len({telling(text.title) for text in texts(authored)}) == 6


def test_what_was_written_by_the_deadline_is_kept_and_the_rest_asked_for(server: ModelServer) -> None:
    authored = written(server, streamed(length=900, then=5.0), good(), timeout=1.0)
    assert (authored.degraded, len(authored.kept)) == (None, 6)
    asked_again = [told["number"] for told in server.calls[1].data["slots"]]
    assert asked_again == list(range(asked_again[0], 7))


def test_an_answer_that_is_never_whole_says_that_time_ran_out(server: ModelServer) -> None:
    authored = written(server, streamed(length=900, then=5.0), delayed(5.0), timeout=1.0)
    assert authored.degraded is not None
    assert authored.degraded.code is FailureCode.TIMEOUT
    assert 0 < authored.degraded.own < 6


@pytest.mark.parametrize("failing", sorted(FAILURES))
def test_whatever_fails_every_slot_has_words_and_the_reason_a_code(server: ModelServer, failing: str) -> None:
    authored = written(server, FAILURES[failing](), timeout=0.4)
    assert authored.source == "rules"
    assert authored.degraded is not None
    assert authored.degraded.own == authored.degraded.passages == 6
    assert texts(authored) == list(authored.own.texts)


@pytest.mark.parametrize("first", [server_error(), says("{"), FAILURES["hang"]()])
def test_a_second_try_can_succeed(server: ModelServer, first: Behaviour) -> None:
    # A 500 may mean that the format is not known, so that it is asked for once more in the plainest.
    behaviours = [first, first, good()] if first is server_error() else [first, good()]
    assert written(server, *behaviours, timeout=2.0).source == "openai:tiny"


def test_what_a_second_try_cannot_help_is_not_tried_again(server: ModelServer) -> None:
    authored = written(server, refusal(), good())
    assert authored.degraded == Degraded(FailureCode.REFUSED, 6, 6)
    assert len(server.calls) == 1


@pytest.mark.parametrize(
    ("options", "code"), [({"tokens_left": 0}, FailureCode.DAILY_LIMIT), ({"model_seconds": 0}, FailureCode.SKIPPED)]
)
def test_a_model_that_may_not_be_asked_is_not(server: ModelServer, options: dict[str, Any], code: FailureCode) -> None:
    authored = written(server, good(), **options)
    assert (authored.degraded, authored.usage) == (Degraded(code, 6, 6), None)
    assert server.calls == []


def test_the_last_tokens_of_the_day_are_not_overdrawn_by_a_repair(server: ModelServer) -> None:
    authored = written(server, alter(3, detail="See https://example.com for all of it."), tokens_left=10)
    assert len(server.calls) == 1
    assert authored.degraded == Degraded(FailureCode.CONTENT_REJECTED, 1, 6)


def test_each_part_of_a_lesson_that_no_session_holds_has_its_own_words(server: ModelServer) -> None:
    frame = Frame((slot(Role.LESSON, "biology.cells", minutes=90), *week().slots[2:]))
    authored = written(server, good(), frame=frame, longest_session_minutes=45)
    first, second = (authored.text(0, part, 2, minutes=45) for part in range(2))
    assert telling(first.title) != telling(second.title)
    assert {first, second} <= set(authored.kept.values())
    own = [authored.text(0, part, 3, minutes=30) for part in range(3)]
    assert len({telling(text.title) for text in own}) == 3
    assert authored.text(0) == authored.own.texts[0]


class Slow:
    """A writer that takes its time on a clock of its own, and in the end has nothing."""

    name = "openai:slow"

    def __init__(self, answer: Callable[[], SlotAnswers] | None = None) -> None:
        self.spent = 0.0
        self.calls = 0
        self._answer = answer

    def write_slots(self, request: SlotRequest, *, seconds: float, faults: Sequence[SlotFault] = ()) -> SlotAnswers:
        """Let the time pass."""
        self.calls += 1
        self.spent += seconds
        if self._answer:
            return self._answer()
        raise ProviderError(FailureCode.TIMEOUT)

    def list_units(self, topic: str, language: str, *, seconds: float) -> UnitList:
        """Let the time pass."""
        self.spent += seconds
        raise ProviderError(FailureCode.TIMEOUT)

    def look(self, *, seconds: float) -> None:
        """See nothing."""

    def clock(self) -> float:
        """Return the seconds that were spent on it."""
        return self.spent


def test_two_slow_answers_in_a_row_keep_nobody_else_from_being_asked() -> None:
    model = Slow()
    author = Author(model, timeout_seconds=20, monotonic=model.clock)
    codes = [written_code(author) for _ in range(3)]
    assert codes == [FailureCode.TIMEOUT, FailureCode.TIMEOUT, FailureCode.UNAVAILABLE]
    assert model.calls == 4


def written_code(author: Author) -> FailureCode | None:
    degraded = author.write(week(), BIOLOGY, "en").degraded
    return degraded.code if degraded else None


def test_an_answer_that_is_cut_short_each_time_is_a_success_for_everybody_else() -> None:
    text = Text("Cells and organelles: a table of tasks", "Draw a table of the organelles of a cell and check it.")
    model = Slow(lambda: SlotAnswers({0: text}, Usage(1, 1), cut=True))
    author = Author(model, timeout_seconds=20, monotonic=model.clock)
    for _ in range(5):
        authored = author.write(week(), BIOLOGY, "en")
        assert authored.degraded == Degraded(FailureCode.TIMEOUT, 5, 6)
        assert authored.text(0) == text


def test_one_plan_never_waits_longer_than_its_seconds() -> None:
    model = Slow()
    Author(model, timeout_seconds=60, tries=5, monotonic=model.clock).write(week(), BIOLOGY, "en")
    assert model.spent <= 60


def test_a_defect_of_the_writer_costs_nobody_the_plan() -> None:
    def broken() -> SlotAnswers:
        raise KeyError("student's words")

    authored = Author(Slow(broken), sleep=lambda _: None).write(week(), BIOLOGY, "en")
    assert authored.degraded == Degraded(FailureCode.ERROR, 6, 6)


def test_units_of_an_unknown_subject_are_listed_where_there_is_a_model(server: ModelServer) -> None:
    server.behave(good())
    listed = author_of(server.base_url).list_units("Bookbinding", "en")
    assert listed is not None
    assert len(listed.units) == 10
    assert build_author(provider="rules").list_units("Bookbinding", "en") is None
    assert author_of(refused_url()).list_units("Bookbinding", "en") is None


def test_a_look_at_the_server_never_waits() -> None:
    build_author(provider="rules").look()
    with ModelServer() as server:
        author_of(server.base_url).look()
        for _ in range(500):
            if server.asked_models:
                break
            server._stopping.wait(0.01)
        assert server.asked_models == 1
