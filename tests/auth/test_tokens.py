"""Tokens by themselves: what is believed and what is not."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schediora.auth.errors import SignInExpired
from schediora.auth.keys import Keys
from schediora.auth.tokens import AccessClaims, AccessTokens, RefreshTokens
from schediora.errors import Unauthenticated

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
KEYS = Keys(b"k" * 32)
CLAIMED = AccessClaims(UUID(int=1), UUID(int=2), 3)
ACCESS = AccessTokens(KEYS)
REFRESH = RefreshTokens(KEYS)
PAYLOAD: dict[str, Any] = {
    "sub": str(CLAIMED.user_id),
    "sid": str(CLAIMED.session_id),
    "gen": 3,
    "iat": int(NOW.timestamp()),
    "exp": int(NOW.timestamp()) + 60,
    "iss": "schediora",
    "aud": "schediora-api",
    "typ": "access",
}


ISSUED_BY_THE_FIRST_RELEASE = (
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIwMDAwMDAwMC0wMDAwLTAwMDAtMDAwMC0wMDAwMDAwMDAwMDEiLCJzaWQiOiIwMDAwM"
    "DAwMC0wMDAwLTAwMDAtMDAwMC0wMDAwMDAwMDAwMDIiLCJnZW4iOjMsImlhdCI6MTc3MjYxNDgwMCwiZXhwIjoxNzcyNjE0ODYwLCJpc3MiOiJzY2"
    "hlZGlvcmEiLCJhdWQiOiJzY2hlZGlvcmEtYXBpIiwidHlwIjoiYWNjZXNzIn0.KOP1D9QWRQsRMunFxsm99WdCjXhB-kJQXPLRS5VSu34"
)


def signing_key(keys: Keys = KEYS) -> bytes:
    return next(iter(keys.derived("schediora access token")))


def signed(**changes: object) -> str:
    """A token signed with our key; a claim changed to None is left out."""
    claims = {name: value for name, value in (PAYLOAD | changes).items() if value is not None}
    return jwt.encode(claims, signing_key(), "HS256")


def test_an_access_token_says_what_it_was_issued_for_until_it_expires() -> None:
    token = ACCESS.issue(CLAIMED, issued_at=NOW, expires_at=NOW + timedelta(minutes=1))
    assert ACCESS.read(token, NOW) == CLAIMED
    assert ACCESS.read(token, NOW + timedelta(seconds=59)) == CLAIMED
    with pytest.raises(SignInExpired, match="open it again"):
        ACCESS.read(token, NOW + timedelta(minutes=1))


def verifications(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every token whose signature is looked at from now on."""
    verified, decode = [], jwt.decode

    def noted(token: str, *given: Any, **more: Any) -> Any:
        verified.append(token)
        return decode(token, *given, **more)

    monkeypatch.setattr("jwt.decode", noted)
    return verified


def test_a_token_is_verified_once_a_minute_and_never_believed_beyond_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    tokens, verified = AccessTokens(KEYS), verifications(monkeypatch)
    token = tokens.issue(CLAIMED, issued_at=NOW, expires_at=NOW + timedelta(seconds=100))
    read_at = [tokens.read(token, NOW + timedelta(seconds=seconds)) for seconds in (0, 15, 59, 60, 75, 99)]
    assert read_at == [CLAIMED] * 6
    assert len(verified) == 2
    with pytest.raises(SignInExpired):
        tokens.read(token, NOW + timedelta(seconds=100))
    assert tokens.read(token, NOW - timedelta(days=1)) == CLAIMED  # the clock was put back
    assert len(verified) == 3


def test_no_other_token_is_believed_for_one_that_was_verified() -> None:
    tokens = AccessTokens(KEYS)
    token = signed()
    for _ in range(2):
        assert tokens.read(token, NOW) == CLAIMED
        for other in (token[:-1], token + "=", token.upper(), signed(typ="refresh")):
            with pytest.raises(Unauthenticated):
                tokens.read(other, NOW)


def test_so_many_tokens_are_remembered_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schediora.auth.tokens.MOST_REMEMBERED", 3)
    tokens, verified = AccessTokens(KEYS), verifications(monkeypatch)
    each = [signed(gen=generation) for generation in range(5)]
    assert [tokens.read(token, NOW).generation for token in [*each, *each]] == [0, 1, 2, 3, 4] * 2
    assert len(verified) == 10
    assert [tokens.read(token, NOW).generation for token in each[2:]] == [2, 3, 4]
    assert len(verified) == 10


def test_the_same_row_gives_the_same_tokens() -> None:
    first, second = (ACCESS.issue(CLAIMED, issued_at=NOW, expires_at=NOW + timedelta(days=7)) for _ in range(2))
    assert first == second
    assert REFRESH.issue(UUID(int=2), 3) == REFRESH.issue(UUID(int=2), 3)


@pytest.mark.parametrize("seconds", [1, 59, 60, 61, 24 * 3600, 10**9])
def test_a_token_from_before_the_clock_was_put_right_is_believed(seconds: int) -> None:
    assert ACCESS.read(signed(iat=int(NOW.timestamp()) + seconds), NOW) == CLAIMED


def test_tokens_that_the_first_release_issued_are_believed() -> None:
    assert ACCESS.read(ISSUED_BY_THE_FIRST_RELEASE, NOW) == CLAIMED
    assert REFRESH.read("AAAAAAAAAAAAAAAAAAAAAgAAAAAAA8cFO5QKJeRddHbHnMbUBovlRIZYss4w8m5LCeZ43Ku7") == (UUID(int=2), 3)


def test_a_token_has_one_spelling() -> None:
    """The last of a signature's 43 letters carries two bits that nothing needs."""
    token, alphabet = signed(), "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    twins = [token[:-1] + letter for letter in alphabet if letter != token[-1]]
    assert sum(base64.urlsafe_b64decode(twin[-43:] + "=") == signature_of(token) for twin in twins) == 3
    for spelling in (*twins, token + "=", token + "\n", token[:-2] + "\n" + token[-2:]):
        with pytest.raises(Unauthenticated):
            ACCESS.read(spelling, NOW)


def signature_of(token: str) -> bytes:
    return base64.urlsafe_b64decode(token.rpartition(".")[2] + "=")


@pytest.mark.parametrize("claim", PAYLOAD)
def test_every_claim_is_required(claim: str) -> None:
    assert ACCESS.read(signed(), NOW) == CLAIMED
    with pytest.raises(Unauthenticated) as caught:
        ACCESS.read(signed(**{claim: None}), NOW)
    assert not isinstance(caught.value, SignInExpired)


@pytest.mark.parametrize(
    "change",
    [
        {"typ": "refresh"},
        {"aud": "another"},
        {"aud": ["schediora-api"]},
        {"iss": "another"},
        {"sub": "me"},
        {"sid": "it"},
        {"sub": 5},
        {"sid": 5},
        {"gen": "3"},
        {"gen": True},
        {"gen": 3.0},
        {"exp": "soon"},
        {"exp": 1e99},
        {"iat": True},
        {"iat": float(NOW.timestamp())},
        {"iat": "2026-03-04"},
    ],
    ids=repr,
)
def test_every_claim_is_checked(change: dict[str, object]) -> None:
    with pytest.raises(Unauthenticated):
        ACCESS.read(signed(**change), NOW)


def unsigned() -> str:
    parts = ({"alg": "none", "typ": "JWT"}, PAYLOAD)
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts) + "."


def with_first_byte_of_payload_changed() -> str:
    head, payload, signature = signed().split(".")
    return f"{head}.{'f' + payload[1:]}.{signature}"


@pytest.mark.parametrize(
    "forge",
    [
        unsigned,
        lambda: jwt.encode(PAYLOAD, "", "none"),
        lambda: jwt.encode(PAYLOAD, b"another key, also 32 bytes long!", "HS256"),
        lambda: jwt.encode(PAYLOAD, KEYS.current, "HS256"),
        lambda: jwt.encode(PAYLOAD, signing_key() * 2, "HS512"),
        with_first_byte_of_payload_changed,
        lambda: signed()[:-2],
        lambda: REFRESH.issue(CLAIMED.session_id, 3),
        lambda: base64.urlsafe_b64encode(b"[" * 30_000).decode() + ".e30.e30",
        lambda: "",
        lambda: "a.b.c",
        lambda: "é.ü.ß",
    ],
    ids=[
        "alg none by hand",
        "alg none",
        "other key",
        "underived key",
        "HS512",
        "changed",
        "cut",
        "refresh token",
        "nested",
        "empty",
        "not base64",
        "not ascii",
    ],
)
def test_what_we_did_not_sign_is_refused(forge: Callable[[], str]) -> None:
    with pytest.raises(Unauthenticated):
        ACCESS.read(forge(), NOW)


def test_tokens_of_the_previous_key_are_believed_and_new_ones_use_the_current_key() -> None:
    old, new = Keys(b"o" * 32), Keys(b"n" * 32, previous=(b"o" * 32,))
    access = AccessTokens(old).issue(CLAIMED, issued_at=NOW, expires_at=NOW + timedelta(days=1))
    refresh = RefreshTokens(old).issue(UUID(int=2), 3)
    assert AccessTokens(new).read(access, NOW) == CLAIMED
    assert RefreshTokens(new).read(refresh) == (UUID(int=2), 3)
    assert RefreshTokens(new).issue(UUID(int=2), 3) != refresh
    with pytest.raises(Unauthenticated):
        AccessTokens(Keys(b"n" * 32)).read(access, NOW)
    assert RefreshTokens(Keys(b"n" * 32)).read(refresh) is None


@given(st.uuids(), st.integers(0, 2**31 - 1))
def test_a_refresh_token_names_its_session_and_generation(session_id: UUID, generation: int) -> None:
    token = REFRESH.issue(session_id, generation)
    assert REFRESH.read(token) == (session_id, generation)
    assert len(token) == 72


@given(st.integers(0, 71), st.characters())
def test_a_refresh_token_with_any_character_changed_is_nobodys(place: int, other: str) -> None:
    token = REFRESH.issue(UUID(int=2), 3)
    changed = token[:place] + other + token[place + 1 :]
    assert (REFRESH.read(changed) is None) == (changed != token)


@given(st.text() | st.binary().map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_a_refresh_token_that_is_anything_is_nobodys(token: str) -> None:
    assert REFRESH.read(token) is None
    assert REFRESH.read(REFRESH.issue(UUID(int=2), 3) + token[:1] + "=") is None
