"""Where a database's schema stands, seen from this version of Schediora: behind it, level with it, or ahead of it.

A database is ahead after an upgrade whose code was then rolled back. Older code cannot read the newer migrations, so
each says in the database itself, in the table `schema_revisions`, whether the code before it can work with the result.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from schediora.errors import SetupError


class NewerSchema(SetupError):
    """The database is newer than this version of Schediora; install the newer version."""


@dataclass(frozen=True, slots=True)
class Revisions:
    """Where a database stands and where the code wants it; `current` is None for a database without a schema.

    `newer` means that the code does not know `current`; `compatible` that it can work with it all the same, which is
    so only if every revision after the code's newest says so.
    """

    current: str | None
    newest: str
    newer: bool = False
    compatible: bool = False

    @property
    def up_to_date(self) -> bool:
        """Whether there is nothing to migrate and nothing to be careful about."""
        return self.current == self.newest

    @property
    def usable(self) -> bool:
        """Whether requests can be served."""
        return self.up_to_date or (self.newer and self.compatible)

    @property
    def advice(self) -> str:
        """One sentence on a newer database: both revisions and what to do."""
        where = f"The database is at revision {self.current}, newer than {self.newest}, which this version of Schediora"
        if self.compatible:
            return f"{where} was made for; it works with both, so go on and install the newer version when you can."
        return (
            f"{where} was made for, and cannot be used with it: install the version that migrated the database, "
            "or restore the copy from before."
        )

    def refuse_incompatible(self) -> None:
        """Raise NewerSchema for a newer schema that does not say that this version can work with it."""
        if self.newer and not self.compatible:
            raise NewerSchema(self.advice)


def read_revisions(tables: Collection[str], rows: Callable[[str], Sequence[Any]], history: Sequence[str]) -> Revisions:
    """Return where a database stands that has `tables` and answers SQL with `rows`; `history` is the code's own, oldest
    first.
    """
    newest = history[-1]
    # In this order: a migration that commits in between is then seen as done and explained, or as not done yet.
    current = _first(rows("SELECT version_num FROM alembic_version")) if "alembic_version" in tables else None
    if current is None or current in history:
        return Revisions(current, newest)
    said: dict[str, tuple[str | None, bool]] = {}
    if "schema_revisions" in tables:
        found = rows("SELECT revision, follows, compatible FROM schema_revisions")
        said = {revision: (follows, bool(compatible)) for revision, follows, compatible in found}
    return Revisions(current, newest, newer=True, compatible=_compatible(current, newest, said))


def _compatible(current: str, newest: str, said: Mapping[str, tuple[str | None, bool]]) -> bool:
    """Tell whether every step from `newest` to `current` says that it is; what is not said is not so."""
    at: str | None = current
    for _ in said:
        follows, compatible = said.get(at or "", (None, False))
        if not compatible:
            return False
        if follows == newest:
            return True
        at = follows
    return False


def _first(found: Sequence[Any]) -> str | None:
    return str(found[0][0]) if found else None
