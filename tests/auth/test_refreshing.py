"""Refreshing over the API: lost answers, thieves, two calls at once, and when it all ends."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from schediora.audit import Audit
from schediora.auth.passwords import Hasher
from schediora.auth.service import Auth
from schediora.db.database import Database
from schediora.mail.outbox import Outbox
from schediora.models.auth import SignIn
from schediora.rate_limits.rate_limits import RateLimits
from schediora.settings.values import Settings
from tests.client import PASSWORD, Api, FrozenClock, Student
from tests.conftest import KEYS

Pair = dict[str, str]


def refresh(api: Api, pair: Pair) -> Pair:
    answer = api.post("/auth/refresh", {"refresh_token": pair["refresh_token"]})
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    fresh: Pair = answer.json
    return fresh


def refused(api: Api, pair: Pair) -> str:
    answer = api.post("/auth/refresh", {"refresh_token": pair["refresh_token"]})
    assert answer.status_code == 401
    return str(answer.json["code"])


def works(api: Api, pair: Pair) -> bool:
    status = api.get("/users/me", token=pair["access_token"]).status_code
    assert status in (200, 401)
    return status == 200


@pytest.fixture
def pair(student: Student) -> Pair:
    """The first pair of a student, its access token used."""
    return {"access_token": student.token, "refresh_token": student.refresh_token}


def test_a_pair_is_exchanged_for_the_next(api: Api, pair: Pair, clock: FrozenClock) -> None:
    clock.advance(days=1)
    new = refresh(api, pair)
    assert new["refresh_token"] != pair["refresh_token"]
    assert new["access_token"] != pair["access_token"]
    assert works(api, new)


def test_a_replaced_access_token_is_good_until_it_expires(api: Api, pair: Pair, clock: FrozenClock) -> None:
    clock.advance(days=6)
    new = refresh(api, pair)
    assert works(api, new)
    assert works(api, pair)
    clock.advance(days=1)
    assert not works(api, pair)
    assert works(api, new)


def test_two_calls_within_ten_seconds_get_the_same_pair(api: Api, pair: Pair, clock: FrozenClock) -> None:
    clock.advance(days=1, milliseconds=300)
    new = refresh(api, pair)
    clock.advance(seconds=9, milliseconds=900)
    assert refresh(api, pair) == new
    clock.advance(milliseconds=100)
    assert refresh(api, pair) == new


def test_a_lost_answer_costs_nothing_and_the_lost_pair_is_dead(api: Api, pair: Pair, clock: FrozenClock) -> None:
    lost = refresh(api, pair)
    clock.advance(minutes=1)
    new = refresh(api, pair)
    assert new["refresh_token"] != lost["refresh_token"]
    assert not works(api, lost)
    assert works(api, pair)
    assert works(api, new)
    assert not works(api, lost)


def test_a_lost_pair_stays_dead_after_many_rotations(api: Api, pair: Pair, clock: FrozenClock) -> None:
    lost = [refresh(api, pair)]
    clock.advance(minutes=1)
    lost.append(refresh(api, pair))
    for _ in range(3):
        clock.advance(minutes=1)
        pair = refresh(api, pair)
        assert works(api, pair)
    assert not any(works(api, dead) for dead in lost)
    assert refused(api, lost[0]) == "refresh_token_reused"
    assert not works(api, pair)


def test_a_thief_who_used_the_stolen_token_is_found_out_by_its_owner(api: Api, pair: Pair, clock: FrozenClock) -> None:
    stolen = refresh(api, pair)
    assert works(api, stolen)
    clock.advance(minutes=1)
    assert refused(api, pair) == "refresh_token_reused"
    assert not works(api, stolen)
    assert not works(api, pair)
    assert refused(api, stolen) == "invalid_refresh_token"


def test_a_thief_who_comes_after_the_owner_signs_both_out(api: Api, pair: Pair, clock: FrozenClock) -> None:
    new = refresh(api, pair)
    clock.advance(minutes=1)
    newer = refresh(api, new)
    clock.advance(minutes=1)
    assert refused(api, pair) == "refresh_token_reused"
    assert not works(api, newer)


def test_reuse_ends_that_session_and_no_other(api: Api, student: Student, pair: Pair, clock: FrozenClock) -> None:
    tablet = api.post("/auth/login", {"email": student.email, "password": PASSWORD}).json
    assert works(api, refresh(api, pair))
    clock.advance(minutes=1)
    assert refused(api, pair) == "refresh_token_reused"
    assert works(api, tablet)
    assert SignIn.select().where(SignIn.revoked_at.is_null(False)).count() == 1


def test_an_expired_access_token_says_to_open_the_app_again(api: Api, pair: Pair, clock: FrozenClock) -> None:
    clock.advance(days=7)
    answer = api.get("/users/me", token=pair["access_token"])
    assert (answer.status_code, answer.json["code"]) == (401, "unauthenticated")
    assert "open it again" in answer.json["detail"]
    assert works(api, refresh(api, pair))


def test_a_session_ends_thirty_days_after_its_last_refresh(api: Api, pair: Pair, clock: FrozenClock) -> None:
    clock.advance(days=29)
    pair = refresh(api, pair)
    clock.advance(days=29)
    pair = refresh(api, pair)
    clock.advance(days=30)
    assert refused(api, pair) == "invalid_refresh_token"


def test_a_session_ends_180_days_after_signing_in(api: Api, pair: Pair, clock: FrozenClock) -> None:
    end = clock.now + timedelta(days=180)
    for _ in range(7):
        clock.advance(days=25)
        pair = refresh(api, pair)
    assert int(pair["expires_in"]) == timedelta(days=5).total_seconds()
    clock.set(end - timedelta(seconds=1))
    assert works(api, pair)
    clock.set(end)
    assert not works(api, pair)
    assert refused(api, pair) == "invalid_refresh_token"


def test_the_first_call_with_a_new_token_is_the_only_one_that_writes(api: Api, pair: Pair, clock: FrozenClock) -> None:
    new = refresh(api, pair)
    session = SignIn.get()
    assert (session.generation, session.used_generation) == (2, 1)
    for _ in range(2):
        assert works(api, new)
        assert SignIn.get().used_generation == 2
    assert SignIn.get().rotated_at == datetime(2026, 3, 4, 9, 0, tzinfo=UTC)


def test_finding_out_who_calls_is_one_query(
    pair: Pair, clock: FrozenClock, database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    auth = Auth(KEYS, Hasher(), RateLimits(clock), Audit(()), settings.auth, "UTC", Outbox(sends=False))
    run, queries = database.execute_sql, list[str]()

    def counting(sql: str, *given: Any, **options: Any) -> Any:
        queries.append(sql)
        return run(sql, *given, **options)

    monkeypatch.setattr(database, "execute_sql", counting)
    assert auth.authenticate(pair["access_token"], clock.now).caller.zone.key == "UTC"
    assert len(queries) == 1


@pytest.mark.parametrize("token", ["", "nonsense", "A" * 72, "é" * 72, "x" * 60_000])
def test_what_is_no_refresh_token_is_refused(api: Api, token: str) -> None:
    answer = api.post("/auth/refresh", {"refresh_token": token})
    assert (answer.status_code, answer.json["code"]) == (401, "invalid_refresh_token")
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("body", [{}, {"refresh_token": None}, {"refresh_token": 5}, {"refresh_token": "a", "b": 1}])
@pytest.mark.parametrize("call", ["refresh", "logout"])
def test_a_body_of_another_shape_is_refused(api: Api, call: str, body: object) -> None:
    assert api.post(f"/auth/{call}", body).status_code == 422


def test_an_access_token_cannot_refresh_and_a_refresh_token_cannot_call(api: Api, pair: Pair) -> None:
    assert refused(api, {"refresh_token": pair["access_token"]}) == "invalid_refresh_token"
    assert api.get("/users/me", token=pair["refresh_token"]).status_code == 401
    assert works(api, pair)


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic abc", "Token {token}", "{token}", "Bearer {token}x"]
)
def test_anything_but_a_bearer_token_is_refused(api: Api, pair: Pair, header: str) -> None:
    answer = api.get("/users/me", headers={"Authorization": header.format(token=pair["access_token"])})
    assert (answer.status_code, answer.json["code"]) == (401, "unauthenticated")
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("header", ["Bearer {token}", "bearer {token}", "BEARER {token}", "Bearer   {token} "])
def test_the_scheme_counts_without_case_and_blanks_around_the_token_do_not(api: Api, pair: Pair, header: str) -> None:
    answer = api.get("/users/me", headers={"Authorization": header.format(token=pair["access_token"])})
    assert answer.status_code == 200
