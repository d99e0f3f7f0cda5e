"""A version of Schediora that is newer than this one by two migrations, beside it; to be thrown away."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from schediora.db.migrate import history

ROOT = Path(__file__).parents[1]
PACKAGES = {"schediora": "schediora", "cli": "schediora_cli", "migrations": "schediora_migrations"}
NEWER = ("9001", "9002")
_MIGRATION = '''"""Notes."""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{follows}"
branch_labels = None
depends_on = None
compatible = {compatible}


def upgrade() -> None:
    op.create_table("notes_{revision}", sa.Column("id", sa.Integer(), primary_key=True))
    {finally_}


def downgrade() -> None:
    op.drop_table("notes_{revision}")
'''


class NewerVersion:
    """Its code in `folder`; its first migration is compatible, of the second it says `compatible`.

    With `broken` the second one fails after it has changed something.
    """

    def __init__(self, folder: Path, *, compatible: bool = True, broken: bool = False) -> None:
        self._folder = folder
        for package, name in PACKAGES.items():
            shutil.copytree(ROOT / package, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        versions = folder / "schediora_migrations" / "versions"
        for revision, follows, said, fails in (
            (NEWER[0], history()[-1], True, False),
            (NEWER[1], NEWER[0], compatible, broken),
        ):
            finally_ = 'op.execute("INSERT INTO nowhere VALUES (1)")' if fails else "pass"
            (versions / f"{revision}_notes.py").write_text(
                _MIGRATION.format(revision=revision, follows=follows, compatible=said, finally_=finally_)
            )

    def run(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run one of its commands to the end."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SCHEDIORA_")}
        return subprocess.run(
            [sys.executable, "-c", "from schediora_cli.main import run; run()", *arguments],
            cwd=self._folder,
            env=kept | variables | {"PYTHONPATH": str(self._folder)},
            capture_output=True,
            text=True,
            timeout=120,
        )
