"""`schediora memory` makes what is remembered anew, also with nobody there."""

import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from schediora.models.planner import Session
from schediora.models.syllabus import UnitMemoryRow
from tests.cli.program import run
from tests.client import Student
from tests.planner.generated import CELLS, DNA, plan_of


def test_every_row_is_made_anew(student: Student, database_url: str, tmp_path: Path) -> None:
    plan_of(UUID(student.id), {"units": (CELLS,)}, {"units": (DNA,)})
    done = datetime(2026, 3, 4, 9, tzinfo=UTC)
    Session.update(status="done", completed_at=done, completed_on=done.date()).execute()
    told = run("memory", "--json", folder=tmp_path, SCHEDIORA_DATABASE__URL=database_url)
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout)[0]["units"] == 2
    assert {row.unit for row in UnitMemoryRow.select()} == {CELLS[0], DNA[0]}
