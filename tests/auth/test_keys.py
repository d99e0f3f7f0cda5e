"""Signing keys: named, made up and kept, or refused in a sentence."""

import multiprocessing
import stat
from pathlib import Path

import pytest

from schediora.auth.keys import KEY_FILE, Keys, load_keys
from schediora.errors import SetupError
from schediora.settings.loading import load
from schediora.settings.values import Settings

GOOD = "cv3Qm7xT0bWn9LrYz5KpUe2HsJ8dFgAi4oN6"
WEAK = "change-me-" * 4


def settings(data_dir: Path, **overrides: object) -> Settings:
    named = {name.replace("__", "."): value for name, value in overrides.items()}
    return load(overrides={"data_dir": data_dir, **named}).settings


def load_in(data_dir: str) -> bytes:
    return load_keys(settings(Path(data_dir))).current


def test_a_key_is_made_up_once_and_kept_for_its_owner_alone(tmp_path: Path) -> None:
    data_dir = tmp_path / "not" / "there yet"
    key = load_keys(settings(data_dir)).current
    assert len(key) >= 32
    assert load_keys(settings(data_dir)).current == key
    assert stat.S_IMODE((data_dir / KEY_FILE).stat().st_mode) == 0o600
    assert load_keys(settings(tmp_path)).current != key


def test_processes_that_start_together_get_the_same_key(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        keys = pool.map(load_in, [str(tmp_path)] * 8)
    assert len(set(keys)) == 1


def test_what_a_crash_left_behind_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "secret_key.new").write_text("half a k")
    assert len(load_keys(settings(tmp_path)).current) >= 32
    assert not (tmp_path / "secret_key.new").exists()


@pytest.mark.parametrize("environment", ["development", "production"])
def test_a_named_key_is_used_and_nothing_is_made_up(tmp_path: Path, environment: str) -> None:
    named = settings(
        tmp_path, environment=environment, auth__secret_key=GOOD, auth__previous_secret_keys=["p" * 32, "q" * 40]
    )
    keys = load_keys(named)
    assert keys.current == GOOD.encode()
    assert {b"p" * 32, b"q" * 40} < set(keys.previous)
    assert not (tmp_path / KEY_FILE).exists()


def test_the_environment_names_the_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCHEDIORA_ENVIRONMENT", "production")
    monkeypatch.setenv("SCHEDIORA_AUTH__SECRET_KEY", GOOD)
    monkeypatch.setenv("SCHEDIORA_AUTH__PREVIOUS_SECRET_KEYS", f"{'p' * 32},{'q' * 32}")
    keys = load_keys(settings(tmp_path))
    assert keys.current == GOOD.encode()
    assert {b"p" * 32, b"q" * 32} < set(keys.previous)


def test_production_refuses_to_make_a_key_up_and_says_how_to_make_one(tmp_path: Path) -> None:
    load_keys(settings(tmp_path))
    with pytest.raises(SetupError, match=r"SCHEDIORA_AUTH__SECRET_KEY.*32 bytes.*token_urlsafe"):
        load_keys(settings(tmp_path, environment="production"))


@pytest.mark.parametrize("environment", ["development", "production"])
def test_a_short_key_is_refused_without_being_shown(tmp_path: Path, environment: str) -> None:
    with pytest.raises(SetupError, match=r"auth\.secret_key .* needs 32 bytes") as refused:
        settings(tmp_path, environment=environment, auth__secret_key="s3cr3t" * 5)
    assert "s3cr3t" not in str(refused.value)


def test_production_refuses_a_key_that_can_be_guessed(tmp_path: Path) -> None:
    assert load_keys(settings(tmp_path, auth__secret_key=WEAK)).current == WEAK.encode()
    with pytest.raises(SetupError, match=r"auth\.secret_key .*previous_secret_keys.*token_urlsafe") as refused:
        load_keys(settings(tmp_path, environment="production", auth__secret_key=WEAK))
    assert WEAK not in str(refused.value)


def test_a_previous_key_is_not_judged_so_that_a_weak_one_can_be_rotated_out(tmp_path: Path) -> None:
    rotated = settings(
        tmp_path, environment="production", auth__secret_key=GOOD, auth__previous_secret_keys=["weak", "", " \n"]
    )
    assert set(load_keys(rotated).previous) == {GOOD.encode() + b"\n", b"weak", b"weak\n"}


@pytest.mark.parametrize("written", [f"{GOOD}\n", f"  {GOOD}\r\n", f"\t{GOOD}"])
def test_a_key_is_what_stands_between_the_white_space_and_its_older_spellings_still_count(
    tmp_path: Path, written: str
) -> None:
    keys = load_keys(settings(tmp_path, auth__secret_key=written))
    assert keys.current == GOOD.encode()
    assert written.encode() in keys.previous
    rotated = load_keys(settings(tmp_path, auth__secret_key="n" * 32, auth__previous_secret_keys=[written]))
    assert {GOOD.encode(), written.encode()} < set(rotated.previous)
    assert load_keys(settings(tmp_path, auth__secret_key=GOOD)).previous == (GOOD.encode() + b"\n",)


def test_bytes_count_not_characters(tmp_path: Path) -> None:
    assert load_keys(settings(tmp_path, auth__secret_key="ü" * 16)).current == ("ü" * 16).encode()


@pytest.mark.parametrize("content", [b"", b"short\n", b" " * 64, b"k" * 31 + b"\n"])
def test_a_damaged_key_file_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / KEY_FILE
    path.write_bytes(content)
    with pytest.raises(SetupError, match="is damaged"):
        load_keys(settings(tmp_path))
    assert path.read_bytes() == content


def test_a_key_file_of_32_bytes_is_taken(tmp_path: Path) -> None:
    (tmp_path / KEY_FILE).write_bytes(b"k" * 32 + b"\n")
    assert load_keys(settings(tmp_path)).current == b"k" * 32


def test_a_key_that_cannot_be_read_or_kept_is_one_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "secret_key.new").mkdir()
    with pytest.raises(SetupError, match=r"signing key .* cannot be written"):
        load_keys(settings(tmp_path))
    (tmp_path / KEY_FILE).mkdir()
    with pytest.raises(SetupError, match="cannot be read"):
        load_keys(settings(tmp_path))
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SetupError, match="cannot be written"):
        load_keys(settings(tmp_path / "file"))


def test_every_purpose_has_keys_of_its_own_and_none_is_shown() -> None:
    keys = Keys(b"c" * 32, (b"p" * 32,))
    one, other = tuple(keys.derived("one")), tuple(keys.derived("other"))
    assert len({*one, *other, keys.current, *keys.previous}) == 6
    assert {len(key) for key in one} == {32}
    assert "cccc" not in repr(keys)
    assert "pppp" not in repr(keys)
