"""`schediora doctor` tells by its exit code whether something is wrong, and keeps secrets to itself."""

import json
from pathlib import Path

from tests.cli.program import run
from tests.ports import free_port

SECRET = "hunter2-Zk4t0mYl2W8cJ6sQ1zXe9RbUo3NfHd7"


def test_nothing_is_wrong_before_the_first_start_and_nothing_is_made(tmp_path: Path) -> None:
    looked = run("doctor", folder=tmp_path)
    assert looked.returncode == 0, looked.stdout
    assert "0 faults" in looked.stderr
    assert list(tmp_path.iterdir()) == []


def test_what_is_wrong_is_an_exit_code_and_secrets_stay_secret(tmp_path: Path) -> None:
    looked = run(
        "doctor",
        "--json",
        folder=tmp_path,
        SCHEDIORA_DATABASE__URL=f"postgresql://ayu:{SECRET}@127.0.0.1:{free_port()}/study",
        SCHEDIORA_QUEUE__URL=f"redis://:{SECRET}@127.0.0.1:{free_port()}/0",
        SCHEDIORA_AUTH__SECRET_KEY=SECRET,
        SCHEDIORA_AI__PROVIDER="openai",
        SCHEDIORA_AI__BASE_URL=f"http://127.0.0.1:{free_port()}/v1",
        SCHEDIORA_AI__API_KEY=SECRET,
    )
    assert looked.returncode == 1
    found = {row["about"]: row["state"] for row in json.loads(looked.stdout)}
    assert (found["database"], found["queue"], found["model"]) == ("wrong", "warning", "warning")
    assert SECRET not in looked.stdout + looked.stderr


def test_settings_that_cannot_be_read_are_all_told(tmp_path: Path) -> None:
    looked = run(
        "doctor",
        folder=tmp_path,
        SCHEDIORA_CORS__ORIGINS="https://Study.example.org/",
        SCHEDIORA_SERVER__PORT="many",
        SCHEDIORA_AUTH__SECRET_KEY="short",
    )
    assert looked.returncode == 1
    assert 'write "https://study.example.org"' in looked.stdout
    assert all(name in looked.stdout for name in ("cors.origins", "server.port", "auth.secret_key"))
    assert "short\t" not in looked.stdout
    assert list(tmp_path.iterdir()) == []
