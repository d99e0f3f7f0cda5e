"""Many calls at one moment, on real engines: twenty rounds each."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

from falcon.testing import Result

from schediora.models.auth import SignIn
from schediora.models.users import Preferences, User
from tests.client import PASSWORD, Api, FrozenClock, Student

ROUNDS = 20


def at_once(*calls: Callable[[], Result]) -> list[Result]:
    """Make all calls start together, each on a thread of its own."""
    start = Barrier(len(calls))

    def run(call: Callable[[], Result]) -> Result:
        start.wait(timeout=10)
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_eight_refreshes_with_one_token_get_the_same_pair(student: Student, api: Api, clock: FrozenClock) -> None:
    token = student.refresh_token
    for _ in range(ROUNDS):
        clock.advance(minutes=1)
        answers = at_once(*[partial(api.post, "/auth/refresh", {"refresh_token": token})] * 8)
        assert [answer.status_code for answer in answers] == [200] * 8
        assert len({answer.text for answer in answers}) == 1
        token = answers[0].json["refresh_token"]
    assert SignIn.get().generation == ROUNDS + 1


def test_eight_refreshes_after_a_lost_answer_get_the_same_pair(student: Student, api: Api, clock: FrozenClock) -> None:
    body = {"refresh_token": student.refresh_token}
    for _ in range(ROUNDS):
        clock.advance(minutes=1)
        answers = at_once(*[partial(api.post, "/auth/refresh", body)] * 8)
        assert [answer.status_code for answer in answers] == [200] * 8
        assert len({answer.text for answer in answers}) == 1
    assert SignIn.get().skipped == [[2, ROUNDS]]


def test_refreshing_while_the_new_token_is_used_never_signs_out(student: Student, api: Api, clock: FrozenClock) -> None:
    pair = {"access_token": student.token, "refresh_token": student.refresh_token}
    for _ in range(ROUNDS):
        clock.advance(minutes=1)
        pair = api.post("/auth/refresh", {"refresh_token": pair["refresh_token"]}).json
        refreshed, *others = at_once(
            partial(api.post, "/auth/refresh", {"refresh_token": pair["refresh_token"]}),
            *[partial(api.get, "/users/me", token=pair["access_token"])] * 3,
        )
        assert [answer.status_code for answer in (refreshed, *others)] == [200] * 4
        pair = refreshed.json


def test_two_registrations_of_one_address_make_one_account(api: Api) -> None:
    for number in range(ROUNDS):
        bodies = [{"email": f"{name}{number}@example.com", "password": PASSWORD} for name in ("Student", "sTUDENT")]
        answers = at_once(*[partial(api.post, "/auth/register", body) for body in bodies])
        assert sorted(answer.status_code for answer in answers) == [201, 409]
        assert {answer.json.get("code") for answer in answers} == {None, "email_taken"}
        assert User.select().count() == number + 1
    assert SignIn.select().count() == ROUNDS


def test_signing_out_while_refreshing_ends_the_session(register: Callable[..., Student], api: Api) -> None:
    for _ in range(ROUNDS):
        student = register()
        body = {"refresh_token": student.refresh_token}
        left, refreshed = at_once(partial(api.post, "/auth/logout", body), partial(api.post, "/auth/refresh", body))
        assert left.status_code == 200
        assert refreshed.status_code in (200, 401)
        if refreshed.status_code == 200:
            assert api.get("/users/me", token=refreshed.json["access_token"]).status_code == 401
        assert student.get("/users/me").status_code == 401


def test_first_calls_with_a_new_token_while_it_dies_leave_one_living_pair(
    student: Student, api: Api, clock: FrozenClock
) -> None:
    """The phone missed the answer and asks again, at the moment at which a thief first uses what it missed."""
    pair = {"access_token": student.token, "refresh_token": student.refresh_token}
    body = {"refresh_token": pair["refresh_token"]}
    for _ in range(ROUNDS):
        missed = api.post("/auth/refresh", body).json
        clock.advance(minutes=1)
        refreshed, used = at_once(
            partial(api.post, "/auth/refresh", body), partial(api.get, "/users/me", token=missed["access_token"])
        )
        if refreshed.status_code == 200:
            assert api.get("/users/me", token=missed["access_token"]).status_code == 401
        else:
            assert (refreshed.json["code"], used.status_code) == ("refresh_token_reused", 200)
            pair = api.post("/auth/login", {"email": student.email, "password": PASSWORD}).json
            api.get("/users/me", token=pair["access_token"])
            body = {"refresh_token": pair["refresh_token"]}
        clock.advance(minutes=1)


def test_preferences_set_twice_at_once_are_one_row(student: Student) -> None:
    for number in range(ROUNDS):
        Preferences.delete().execute()
        body = {"goal": f"Goal {number}", "daily_hours": 2, "focus_topics": ["Math"]}
        answers = at_once(*[partial(student.put, "/users/preferences", body)] * 2)
        assert [answer.status_code for answer in answers] == [200, 200]
        assert Preferences.select().count() == 1
