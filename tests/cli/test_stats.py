"""`schediora stats` measures a window by the log and by the jobs."""

import json
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from schediora.ai.queries import job_outcomes
from schediora.clock import utc_now
from schediora.db.database import Database, connected
from schediora.models.ai import Job, JobStatus
from schediora.models.users import User
from tests.cli.program import run


def request(**changes: object) -> str:
    said = {
        "event": "request", "level": "info", "timestamp": (utc_now() - timedelta(minutes=5)).isoformat(),
        "method": "GET", "route": "/api/v1/sessions", "status": 200, "duration_ms": 3.5,
    }  # fmt: skip
    return json.dumps(said | changes)


def add_job(user: User, **columns: object) -> None:
    now = utc_now()
    Job.create(user=user, goal="g", topic="t", week_start=now.date(), created_at=now, updated_at=now, **columns)


def test_jobs_are_counted_by_how_they_ended_in_the_window(database: Database) -> None:
    now = utc_now()
    jobs: list[dict[str, object]] = [
        {"status": JobStatus.COMPLETED, "source": "rules"},
        {"status": JobStatus.COMPLETED, "source": "openai:tiny"},
        {"status": JobStatus.FAILED, "error_code": "no_time_available"},
        {"status": JobStatus.QUEUED},
        {"id": UUID(int=7), "status": JobStatus.COMPLETED},
    ]
    with connected(database):
        for number, columns in enumerate(jobs):
            add_job(User.create(email=f"{number}@example.com", password_hash="-", created_at=now), **columns)
        found = job_outcomes(now - timedelta(hours=1), now + timedelta(hours=1))
        assert (found.completed, found.unfinished, found.ended) == (2, 1, 3)
        assert (found.failed, found.sources) == ({"no_time_available": 1}, {"rules": 1, "openai:tiny": 1})
        assert job_outcomes(now - timedelta(hours=2), now - timedelta(hours=1)).ended == 0


def test_the_measures_are_told_with_their_goals_from_files_and_standard_input(tmp_path: Path) -> None:
    (tmp_path / "old.log").write_bytes(request(status=500).encode() + b"\n\xff\xfe broken\n")
    new = "\n".join([request()] * 3)
    told = run("stats", "--log", "old.log", "--log", "-", "--since", "24h", "--json", folder=tmp_path, given=new)
    assert told.returncode == 0, told.stderr
    found = json.loads(told.stdout)
    assert [(row["value"], row["met"]) for row in found["measures"]] == [
        ("25.00%", "no"),
        ("none", "unknown"),
        ("none", "unknown"),
    ]
    assert (found["lines"], found["broken_lines"]) == (5, 1)
    assert found["calls"][0]["p95_ms"] == 3.5
    assert found["window"]["seen"] == 0.0
    for arguments in (("--log", "none.log"), ("--log", "old.log", "--since", "soon"), ()):
        assert run("stats", *arguments, folder=tmp_path).returncode == 2
