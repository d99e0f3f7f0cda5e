"""Whole slots are read out of whatever a model wrote, however it is wrapped and wherever it breaks off."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schediora.ai.content.text import DETAIL_LENGTH, TITLE_LENGTH, Text
from schediora.ai.model.reading import entries_in, models_in, refuses, slots_in
from schediora.ai.model.stream import Reply
from schediora.ai.model.thoughts import spoken
from tests.model_answers import completion, pieces

DETAIL = 'Say "{}" [aloud], then \\ check.'
ENTRIES = [{"number": n, "title": f"Title {n} {{x}}", "detail": DETAIL.format(n)} for n in (1, 2, 3)]
WHOLE = json.dumps({"slots": ENTRIES})
TEXTS = {n: Text(entry["title"], entry["detail"]) for n, entry in enumerate(ENTRIES)}  # type: ignore[arg-type]


def test_every_beginning_of_an_answer_gives_the_slots_that_are_whole_in_it() -> None:
    for end in range(len(WHOLE)):
        found = slots_in(WHOLE[:end], (0, 1, 2))
        whole = [n for n, entry in enumerate(ENTRIES) if json.dumps(entry) in WHOLE[:end]]
        assert found == {n: TEXTS[n] for n in whole}, WHOLE[:end]


@pytest.mark.parametrize(
    "content",
    [
        WHOLE,
        json.dumps(ENTRIES),
        "\n".join(map(json.dumps, ENTRIES)),
        json.dumps({"answer": {"slots": ENTRIES}}),
        json.dumps({str(e["number"]): {"title": e["title"], "detail": e["detail"]} for e in ENTRIES}),
        json.dumps({f"slot {e['number']}": {"title": e["title"], "detail": e["detail"]} for e in ENTRIES}),
        json.dumps({"slots": [{**e, "number": str(e["number"])} for e in ENTRIES]}),
        json.dumps({"slots": [{"title": e["title"], "detail": e["detail"]} for e in ENTRIES]}),
        f"<think>{json.dumps({'slots': [{**ENTRIES[0], 'title': 'Draft'}]})}</think>{WHOLE}",
        f"A draft: {json.dumps({**ENTRIES[0], 'title': 'Draft'})} The final answer: {WHOLE}",
        f"{{slots}} as asked:\n```json\n{WHOLE}\n```\nGood luck {{you}}!",
    ],
)
def test_slots_are_found_however_they_are_wrapped(content: str) -> None:
    assert slots_in(content, (0, 1, 2)) == TEXTS


def test_only_the_slots_that_were_asked_for_count() -> None:
    assert slots_in(WHOLE, (1,)) == {1: TEXTS[1]}
    assert slots_in(json.dumps([{"title": "No number", "detail": "at all"}]), (0, 1)) == {}


@pytest.mark.parametrize("content", ["", "{", "{" * 5000, '{"a":' * 5000, "[" * 5000, '{"slots": [1, "x", null, []]}'])
def test_what_holds_no_slot_gives_none(content: str) -> None:
    assert slots_in(content, (0, 1, 2)) == {}
    assert entries_in(content) == []


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=200), st.integers(min_value=1, max_value=60), st.booleans())
def test_a_reply_is_the_same_however_its_bytes_arrive(said: str, size: int, streamed: bool) -> None:
    if streamed:
        body = b"".join(f"data: {json.dumps(piece)}\r\n\r\n".encode() for piece in pieces(said)) + b"data: [DONE]\n\n"
    else:
        body = json.dumps({"choices": [{"message": {"content": said}}]}, ensure_ascii=False).encode()
    reply = Reply()
    for start in range(0, len(body), size):
        reply.feed(body[start : start + size])
    reply.close()
    assert reply.content == said
    assert reply.tokens == ((900, 450) if streamed else None)


def test_thoughts_on_a_channel_of_their_own_are_not_read_but_counted() -> None:
    reply = Reply()
    delta = {"reasoning_content": "Let me think.", "content": "Done."}
    reply.feed(f"data: {json.dumps({'choices': [{'delta': delta}]})}\n".encode())
    assert (reply.content, reply.thought_bytes) == ("Done.", 13)


def test_refusals_and_lists_of_models_are_understood() -> None:
    assert refuses("I'm sorry, but I can't help with that.")
    assert not refuses(WHOLE)
    assert models_in(b'{"data": [{"id": "tiny"}, {"id": "large", "object": "model"}]}') == {"tiny", "large"}
    assert models_in(b"<html>") == frozenset()


DRAFT = json.dumps({"slots": [{**entry, "title": "Draft"} for entry in ENTRIES]})


@pytest.mark.parametrize(
    "content",
    [
        f"<think>First {DRAFT}, no.</think>{WHOLE}",
        f"First {DRAFT}, no.</think>\n\n{WHOLE}",
        f"<thinking>{DRAFT}</thinking>{WHOLE}",
        f"<THINK>{DRAFT}</THINK>{WHOLE}",
        f"<think>a</think>{DRAFT}<think>b</think>{WHOLE}",
        f"[THINK]{DRAFT}[/THINK]{WHOLE}",
        f"{WHOLE}<think>Was that right? {DRAFT}",
        f"<|channel|>analysis<|message|>{DRAFT}<|end|><|start|>assistant<|channel|>final<|message|>{WHOLE}<|return|>",
        f"<|channel|>commentary<|message|>{DRAFT}<|end|><|channel|>final <|constrain|>json<|message|>{WHOLE}",
        f"analysisThe student wants {DRAFT}assistantfinal{WHOLE}",
        f"<|channel|>final<|message|>{DRAFT}<|end|><|channel|>final<|message|>```json\n{WHOLE}\n```",
    ],
)
def test_what_stands_after_the_last_thought_counts(content: str) -> None:
    assert slots_in(content, (0, 1, 2)) == TEXTS


@pytest.mark.parametrize("content", [f"<think>{DRAFT}", f"<|channel|>analysis<|message|>{DRAFT}", f"{DRAFT}</think>"])
def test_a_thought_is_not_an_answer(content: str) -> None:
    assert slots_in(content, (0, 1, 2)) == {}


def test_words_about_thinking_are_not_cut() -> None:
    assert spoken("I think that x < 3 is final.") == "I think that x < 3 is final."


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ([{"type": "text", "text": "Hello"}], "Hello"),
        ([{"type": "text", "text": "Hel"}, {"type": "text", "text": "lo"}], "Hello"),
        ([{"type": "output_text", "text": "Hello", "annotations": []}], "Hello"),
        (["Hel", "lo"], "Hello"),
        ([{"text": "Hello"}], "Hello"),
        ([{"type": "reasoning", "text": "Hm"}, {"type": "text", "text": "Hello"}], "Hello"),
        (
            [{"type": "thinking", "thinking": [{"type": "text", "text": "Hm"}]}, {"type": "text", "text": "Hello"}],
            "Hello",
        ),
        ([], ""),
        ([{"type": "image_url"}], ""),
        ([{"type": "text", "text": None}], ""),
        ([[]], ""),
        ({"text": "Hello"}, ""),
    ],
)
def test_content_as_a_list_of_parts_is_joined(content: Any, said: str) -> None:
    reply = Reply()
    reply.feed(json.dumps(completion(content)).encode())
    reply.close()
    assert reply.content == said


def test_a_refusal_among_the_parts_is_a_refusal() -> None:
    reply = Reply()
    reply.feed(json.dumps(completion([{"type": "refusal", "refusal": "I cannot help with that."}])).encode())
    reply.close()
    assert (reply.content, reply.refusal) == ("", "I cannot help with that.")


def test_texts_that_are_too_long_are_cut_to_where_the_content_check_sees_it() -> None:
    found = slots_in(json.dumps({"number": 1, "title": "a " * 20_000, "detail": "b " * 20_000}), (0,))
    assert TITLE_LENGTH < len(found[0].title) < 2 * TITLE_LENGTH
    assert DETAIL_LENGTH < len(found[0].detail) < 2 * DETAIL_LENGTH


def test_lines_of_a_detail_are_kept_and_other_white_space_is_one_blank() -> None:
    entry = {"number": 1, "title": " Draw\tthe\r\nheart ", "detail": "One.\r\n\r\n Two\t\tthree.\x0b\u2028Four. "}
    assert slots_in(json.dumps(entry), (0,)) == {0: Text("Draw the heart", "One.\nTwo three.\nFour.")}
