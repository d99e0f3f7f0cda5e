"""For contributors: `python -m migrations.write "What changes"` writes the migration from the schema to the models.

The difference is taken against a fresh SQLite database that is migrated to the newest revision first. Read the result
before committing it.
"""

import sys
import tempfile
from pathlib import Path

from schediora.db import migrate


def main() -> None:
    """Write one revision, numbered after the newest."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'newest.db'}"
        migrate.upgrade(url)
        number = f"{int(migrate.newest_revision()) + 1:04}"
        migrate.write_revision(url, sys.argv[1], number)


if __name__ == "__main__":
    main()
