"""Whole slots are read out of whatever a model wrote, however it is wrapped and wherever it breaks off."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schediora.ai.content.text import Text
from schediora.ai.model.reading import entries_in, models_in, refuses, slots_in
from schediora.ai.model.stream import Reply
from tests.model_answers import pieces

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
