from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from schediora.models.ai import Job
from tests.client import Student

ROUNDS = 20
CALLS = 50


def test_of_fifty_wishes_at_once_one_is_accepted(register: Callable[..., Student]) -> None:
    wish = {"goal": "Pass the entrance test", "topic": "Physics"}
    with ThreadPoolExecutor(CALLS) as pool:
        for _ in range(ROUNDS):
            student = register()
            answers = list(pool.map(lambda _, who=student: who.post("/ai/plans/generate", wish), range(CALLS)))
            assert Counter(answer.status_code for answer in answers) == {202: 1, 409: CALLS - 1}
            (accepted,) = [answer.json["job_id"] for answer in answers if answer.status_code == 202]
            refusals = {(answer.json["code"], answer.json["job_id"]) for answer in answers if answer.status_code == 409}
            assert refusals == {("generation_in_progress", accepted)}
    assert Job.select().count() == ROUNDS


def test_a_plan_by_hand_and_a_wish_at_once_never_both_find_the_week_free(register: Callable[..., Student]) -> None:
    wish = {"goal": "Pass the entrance test", "topic": "Physics"}
    mine = {"title": "Mine", "topic": "Math", "duration_minutes": 45}
    with ThreadPoolExecutor(2) as pool:
        for _ in range(ROUNDS):
            student = register()
            by_hand = pool.submit(student.post, "/plans", mine)
            generated = pool.submit(student.post, "/ai/plans/generate", wish).result()
            assert by_hand.result().status_code == 201
            # Either the wish came first and is being made around the plan, or it came second and was told so.
            assert generated.status_code in (202, 409)
            if generated.status_code == 409:
                assert generated.json["code"] == "weekly_plan_exists"
