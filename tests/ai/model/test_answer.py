"""What a model said, out of what a server sent."""

import json

import pytest

from schediora.ai.content.outline import DETAIL_LENGTH, TITLE_LENGTH
from schediora.ai.model.answer import outline_in
from schediora.ai.model.provider import FailureCode, ProviderError
from schediora.ai.model.thoughts import spoken
from schediora.planner.scheduler.problem import Kind
from tests.model_answers import Content, completion, plan

PLAN = json.dumps(plan("Biology"))
DRAFT = json.dumps(plan("Draft"))


def body(content: Content, **message: object) -> bytes:
    return json.dumps(completion(content, **message)).encode()


@pytest.mark.parametrize(
    "content",
    [
        f"<think>First {DRAFT}, no.</think>{PLAN}",
        f"First {DRAFT}, no.</think>\n\n{PLAN}",
        f"<thinking>{DRAFT}</thinking>{PLAN}",
        f"<THINK>{DRAFT}</THINK>{PLAN}",
        f"<think>a</think>{DRAFT}<think>b</think>{PLAN}",
        f"[THINK]{DRAFT}[/THINK]{PLAN}",
        f"{PLAN}<think>Was that right? {DRAFT}",
        f"<|channel|>analysis<|message|>{DRAFT}<|end|><|start|>assistant<|channel|>final<|message|>{PLAN}<|return|>",
        f"<|channel|>commentary<|message|>{DRAFT}<|end|><|channel|>final <|constrain|>json<|message|>{PLAN}",
        f"analysisThe student wants {DRAFT}assistantfinal{PLAN}",
        f"<|channel|>final<|message|>{DRAFT}<|end|><|channel|>final<|message|>```json\n{PLAN}\n```",
    ],
)
def test_what_stands_after_the_last_thought_counts(content: str) -> None:
    assert outline_in(body(content), "Biology").title == "A solid week of Biology"


@pytest.mark.parametrize("content", [f"<think>{DRAFT}", f"<|channel|>analysis<|message|>{DRAFT}", f"{DRAFT}</think>"])
def test_a_thought_is_not_an_answer(content: str) -> None:
    with pytest.raises(ProviderError) as caught:
        outline_in(body(content), "Biology")
    assert caught.value.code is FailureCode.BAD_ANSWER


def test_words_about_thinking_are_not_cut() -> None:
    assert spoken("I think that x < 3 is final.") == "I think that x < 3 is final."


@pytest.mark.parametrize(
    "content",
    [
        [{"type": "text", "text": PLAN}],
        [{"type": "text", "text": PLAN[:50]}, {"type": "text", "text": PLAN[50:]}],
        [{"type": "output_text", "text": PLAN, "annotations": []}],
        [PLAN[:50], PLAN[50:]],
        [{"text": PLAN}],
        [{"type": "reasoning", "text": DRAFT}, {"type": "text", "text": PLAN}],
        [{"type": "thinking", "thinking": [{"type": "text", "text": DRAFT}]}, {"type": "text", "text": PLAN}],
    ],
)
def test_content_as_a_list_of_parts_is_joined(content: Content) -> None:
    assert outline_in(body(content), "Biology").title == "A solid week of Biology"


@pytest.mark.parametrize(
    "content", [[], [{"type": "image_url"}], [{"type": "text", "text": None}], [[]], {"text": PLAN}]
)
def test_parts_without_a_text_are_a_bad_answer(content: Content) -> None:
    with pytest.raises(ProviderError) as caught:
        outline_in(body(content), "Biology")
    assert caught.value.code is FailureCode.BAD_ANSWER


def test_a_refusal_among_the_parts_is_a_refusal() -> None:
    with pytest.raises(ProviderError) as caught:
        outline_in(body([{"type": "refusal", "refusal": "I cannot help with that."}]), "Biology")
    assert (caught.value.code, caught.value.said) == (FailureCode.REFUSED, "I cannot help with that.")


def test_an_answer_that_broke_off_says_so() -> None:
    cut = completion(PLAN[:300])
    cut["choices"][0]["finish_reason"] = "length"
    with pytest.raises(ProviderError) as caught:
        outline_in(json.dumps(cut).encode(), "Biology")
    assert caught.value.said.startswith("finish_reason length: {")


def test_texts_that_are_too_long_are_cut_to_where_the_content_check_sees_it() -> None:
    written = plan("Biology")
    written["title"] = "t" * 20_000
    written["steps"][0].update(title="a " * 20_000, detail="b " * 20_000)
    outline = outline_in(body(json.dumps(written)), "Biology")
    assert TITLE_LENGTH < len(outline.title) < 2 * TITLE_LENGTH
    assert TITLE_LENGTH < len(outline.steps[0].title) < 2 * TITLE_LENGTH
    assert DETAIL_LENGTH < len(outline.steps[0].detail) < 2 * DETAIL_LENGTH


def test_lines_of_a_detail_are_kept_and_other_white_space_is_one_blank() -> None:
    written = plan("Biology")
    written["steps"][0].update(
        title=" Draw\tthe\r\nheart ", detail="One.\r\n\r\n Two\t\tthree.\x0b\u2028Four. ", kind="Recall"
    )
    step = outline_in(body(json.dumps(written)), "Biology").steps[0]
    assert (step.title, step.detail, step.kind, step.topic) == (
        "Draw the heart",
        "One.\nTwo three.\nFour.",
        Kind.RECALL,
        "Biology",
    )
