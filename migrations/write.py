"""For contributors: `python -m migrations.write "What changes"` writes the migration from the schema to the models.

The difference is taken against a fresh SQLite database that is migrated to the newest revision first. The file comes
out in the house's style; read it, and say in `compatible` what it means for older code, before committing it.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from schediora.db import migrate

_ALEMBICS_REMARK = "# ###"


def main() -> None:
    """Write one revision, numbered after the newest."""
    if len(sys.argv) != 2:
        sys.exit('Say what changes, in a few words: python -m migrations.write "Plans have a colour"')
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'newest.db'}"
        migrate.upgrade(url)
        number = f"{max(map(int, migrate.history())) + 1:04}"
        written = migrate.write_revision(url, sys.argv[1], number).resolve()
    lines = written.read_text(encoding="utf-8").splitlines(keepends=True)
    written.write_text("".join(line for line in lines if _ALEMBICS_REMARK not in line), encoding="utf-8")
    for tidy in (["check", "--fix"], ["format"]):
        subprocess.run([sys.executable, "-m", "ruff", *tidy, "--quiet", str(written)], check=True)


if __name__ == "__main__":
    main()
