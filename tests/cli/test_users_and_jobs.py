"""`schediora users` and `schediora jobs`, as an operator types them."""

import json
import os
import pty
import re
import select
import subprocess
from pathlib import Path
from typing import Any

from schediora.settings.values import Settings
from tests.cli.program import PATIENCE_SECONDS, environment, run
from tests.client import Student
from tests.live import COMMAND

PASSWORD = "correct horse"


def rows(*arguments: object, folder: Path, given: str = "", **variables: str) -> Any:
    done = run(*arguments, "--json", folder=folder, given=given, **variables)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_student_is_made_found_changed_and_deleted(tmp_path: Path) -> None:
    made = rows("users", "create", "Kim@Example.com", folder=tmp_path, given=f"{PASSWORD}\n")
    assert made[0]["email"] == "kim@example.com"
    rows("users", "set-password", made[0]["id"], folder=tmp_path, given="another one")
    (found,) = rows("users", "list", "--email", "kim", folder=tmp_path)
    assert (found["id"], found["sign_ins"]) == (made[0]["id"], 0)
    unasked = run("users", "delete", "kim@example.com", folder=tmp_path)
    assert (unasked.returncode, "--yes" in unasked.stderr) == (2, True)
    rows("users", "delete", "kim@example.com", "--yes", folder=tmp_path)
    missing = run("users", "sign-out", "kim@example.com", folder=tmp_path)
    assert (missing.returncode, "users list" in missing.stderr) == (1, True)


def test_a_link_for_a_new_password_is_printed_with_the_services_address_or_without(tmp_path: Path) -> None:
    rows("users", "create", "kim@example.com", folder=tmp_path, given=f"{PASSWORD}\n")
    done = run("users", "reset-link", "kim@example.com", "--json", folder=tmp_path)
    (made,) = json.loads(done.stdout)
    assert made["email"] == "kim@example.com"
    assert re.fullmatch(r"/#reset=[A-Za-z0-9_-]{43}", made["link"])
    assert "server.public_url" in done.stderr
    whole = run(
        "users", "reset-link", "kim@example.com", folder=tmp_path,
        SCHEDIORA_SERVER__PUBLIC_URL="https://study.example.org",
    )  # fmt: skip
    assert "https://study.example.org/#reset=" in whole.stdout
    assert run("users", "reset-link", "nobody@example.com", folder=tmp_path).returncode == 1


def test_what_the_api_would_refuse_is_refused_in_its_words(tmp_path: Path) -> None:
    for address, given, sentence in (
        ("kim@example.com", "short\n", "Password must have at least 8 characters."),
        ("kim@example.com", "password1\n", "one of the first"),
        ("kim.anything@example.com", "Kim.Anything\n", "must not be your address"),
        ("kim", f"{PASSWORD}\n", "Email must be an address such as name@example.com."),
        ("kim@example.com", "", "standard input"),
    ):
        refused = run("users", "create", address, folder=tmp_path, given=given)
        assert refused.returncode == 2
        assert sentence in refused.stderr
    assert not (tmp_path / "schediora-data").exists()


def test_on_a_terminal_the_password_is_asked_for_twice_and_not_shown(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    command = [COMMAND, "users", "create", "kim@example.com"]
    process = subprocess.Popen(
        command, cwd=tmp_path, env=environment({}), stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    )
    os.close(theirs)
    shown = b""
    for prompt in (b"New password: ", b"Repeat for confirmation: "):
        while prompt not in shown:
            assert select.select([ours], [], [], PATIENCE_SECONDS)[0], shown
            shown += os.read(ours, 4096)
        os.write(ours, f"{PASSWORD}\n".encode())
    assert process.wait(PATIENCE_SECONDS) == 0, shown
    assert PASSWORD.encode() not in shown
    os.close(ours)
    assert rows("users", "list", folder=tmp_path)[0]["email"] == "kim@example.com"


def test_jobs_are_listed_shown_and_tried_again(settings: Settings, student: Student, tmp_path: Path) -> None:
    job = student.post("/ai/plans/generate", {"goal": "Pass", "topic": "Biology"}).json["job_id"]
    given = {"SCHEDIORA_DATABASE__URL": settings.database_url, "SCHEDIORA_DATA_DIR": str(settings.data_dir)}
    (listed,) = rows("jobs", "list", "--status", "queued", "--student", student.email, folder=tmp_path, **given)
    assert (listed["id"], listed["status"], listed["topic"]) == (job, "queued", "Biology")
    shown = rows("jobs", "show", job, folder=tmp_path, **given)
    assert (shown["goal"], shown["student"], "lease_token" in shown) == ("Pass", student.email, False)
    assert rows("jobs", "retry", job, folder=tmp_path, **given)[0]["id"] == job
    lost = run("jobs", "show", "00000000-0000-7000-8000-000000000000", folder=tmp_path, **given)
    assert (lost.returncode, "jobs list" in lost.stderr) == (1, True)


def test_what_names_no_job_is_asked_wrongly(tmp_path: Path) -> None:
    for arguments in (("jobs", "show", "7"), ("jobs", "list", "--status", "lost")):
        assert run(*arguments, folder=tmp_path).returncode == 2


def test_a_student_moves_to_another_server_with_a_file(tmp_path: Path) -> None:
    here, there = (tmp_path / name for name in ("here", "there"))
    for folder in (here, there):
        folder.mkdir()
    made = rows("users", "create", "kim@example.com", folder=here, given=f"{PASSWORD}\n")
    (told,) = rows("users", "export", "kim@example.com", "kim.json", folder=here)
    file = here / "kim.json"
    assert (told["bytes"], file.stat().st_mode & 0o077) == (file.stat().st_size, 0)
    again = run("users", "export", "kim@example.com", "kim.json", folder=here)
    assert (again.returncode, "there already" in again.stderr) == (1, True)
    assert json.loads(file.read_text(encoding="utf-8"))["account"]["id"] == made[0]["id"]
    moved = run("users", "import", str(file), folder=there)
    assert (moved.returncode, "users set-password kim@example.com" in moved.stderr) == (0, True), moved.stderr
    (other,) = rows(
        "users", "import", str(file), "--email", "Li@example.com", "--set-password", folder=there, given=PASSWORD
    )
    assert (other["email"], other["sessions"]) == ("li@example.com", 0)
    for arguments, given, code, sentence in (
        ([str(file)], "", 1, "A student with this address is there already"),
        ([str(there / "none.json")], "", 2, "could not be read"),
        ([str(there)], "", 2, "could not be read"),
        ([str(file), "--email", "nobody"], "", 2, "name@example.com"),
        ([str(file), "--email", "mo@example.com", "--set-password"], "password1\n", 2, "others would try"),
    ):
        refused = run("users", "import", *arguments, folder=there, given=given)
        assert (refused.returncode, sentence in refused.stderr) == (code, True), (arguments, refused.stderr)
        assert len(refused.stderr.splitlines()) == 1
    assert len(rows("users", "list", folder=there)) == 2
