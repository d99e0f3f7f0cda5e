"""Carrying everything over from one database to another, between the engines and from older revisions, too."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from schediora.db.bulk import COUNT_ANEW
from schediora.db.canonical import Checksum
from schediora.db.ends import Columns, End, PostgresEnd, opened_to_read
from schediora.db.migrate import history, workshop
from schediora.db.revisions import Revisions, read_revisions
from schediora.errors import SetupError

OF_MIGRATIONS = frozenset({"alembic_version", "schema_revisions"})
"""What migrating writes, in the target as in the source."""
_OF_THE_QUEUE = "huey_"
"""Hints alone, which whoever finds a job waiting sends again."""


@dataclass(frozen=True, slots=True)
class Carried:
    """A table that was carried over: its rows, and the checksum of both sides where they were compared."""

    table: str
    rows: int
    checksum: str = ""


@dataclass(frozen=True, slots=True)
class Transfer:
    """What was carried over, at which revision, and what the copy was migrated to."""

    tables: Sequence[Carried]
    source: Revisions


def transfer(
    source_url: str,
    target_url: str,
    *,
    order: Sequence[str],
    verify: bool,
    also: Sequence[str] = (),
    began: Callable[[int], None] = lambda _total: None,
    advance: Callable[[int], None] = lambda _rows: None,
) -> Transfer:
    """Copy every row from one database to another that holds none, in one transaction, and migrate the copy.

    `order` names our tables, those that others refer to first; `also` are statements for a target on Postgres. `began`
    is told how many rows there are, `advance` how many more were copied. With `verify` the copy is read again and
    compared; how many rows there are is compared in any case.

    Raises SetupError, and changes nothing, when the target holds rows, the source has no schema or a newer one, holds
    what the target cannot store, or differs from its copy.
    """
    with opened_to_read(source_url) as source, workshop(target_url) as target:
        found = _revisions(source)
        filled = target.end
        _require_empty(filled)
        if target.revisions().current != found.current:
            target.clear([table for table in filled.tables() if table in OF_MIGRATIONS or table in order])
            target.bring_to(str(found.current))
        there = set(filled.tables())
        tables = [table for table in order if table in there and table not in OF_MIGRATIONS]
        missing = set(tables) - set(source.tables())
        if missing:
            raise SetupError(f"The database to copy from has no table {min(missing)}; it is not whole.")
        began(sum(_count(source, table) for table in tables))
        carried = [_carry(source, filled, table, verify=verify, advance=advance) for table in tables]
        target.bring_to(history()[-1])
        target.run([*also, COUNT_ANEW])
    return Transfer(carried, found)


def _revisions(source: End) -> Revisions:
    found = read_revisions(source.tables(), source.ask, history())
    if found.current is None:
        raise SetupError("The database to copy from has no schema of Schediora's.")
    if found.newer:
        raise SetupError(
            f"The database to copy from is at revision {found.current}, newer than {found.newest}, which this version "
            "knows; copy with the version that migrated it."
        )
    return found


def _require_empty(target: End) -> None:
    for table in target.tables():
        ours = table not in OF_MIGRATIONS and not table.startswith((_OF_THE_QUEUE, "sqlite_"))
        if ours and target.ask(f'SELECT 1 FROM "{table}" LIMIT 1'):
            raise SetupError(f"The database to copy to holds rows already (in {table}); name an empty one.")


def _carry(source: End, target: End, table: str, *, verify: bool, advance: Callable[[int], None]) -> Carried:
    columns = _columns(source, target, table)
    read = Checksum()
    for rows in source.rows(table, columns):
        target.insert(table, columns, rows)
        if verify:
            read.add(rows)
        else:
            read.rows += len(rows)
        advance(len(rows))
    there = _count(target, table)
    if there != read.rows:
        raise SetupError(f"Of {read.rows} rows of {table} {there} arrived; nothing was copied.")
    if not verify:
        return Carried(table, there)
    written = Checksum()
    for rows in target.rows(table, columns):
        written.add(rows)
    if written.text != read.text:
        raise SetupError(f"The copy of {table} differs from what was read; nothing was copied.")
    return Carried(table, there, written.text)


def _columns(source: End, target: End, table: str) -> Columns:
    """Return the columns of both sides with the types that Postgres, which has types for all, gives them."""
    here, there = source.columns(table), target.columns(table)
    if set(here) != set(there):
        odd = min(set(here) ^ set(there))
        raise SetupError(f"The column {odd} of {table} is on one side only; the database to copy from is not whole.")
    if isinstance(source, PostgresEnd):
        return {name: here[name] for name in there}
    return there


def _count(end: End, table: str) -> int:
    return int(end.ask(f'SELECT count(*) FROM "{table}"')[0][0])
