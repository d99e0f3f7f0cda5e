"""A Postgres database, the role that uses it, and a pooler before it."""

from collections.abc import Collection, Generator, Iterator, Sequence
from contextlib import closing
from datetime import datetime
from typing import Any

import psycopg

from schediora.db.postgres import PostgresConnection, connect_postgres, require_utf8
from schediora.doctor.database import Opened, clock_finding, schema_findings
from schediora.doctor.finding import Finding, ok, reason, warning, wrong
from schediora.errors import SetupError
from schediora.machine import usable_cores
from schediora.models.registry import MODELS
from schediora.settings.values import Settings
from schediora.shares import shares

OLDEST_TESTED = 15
_QUEUE_TABLES = ("huey_task", "huey_schedule", "huey_kv")
_WHOSE = "SELECT system_identifier::text, current_database() FROM pg_control_system()"
"""What tells one database from every other: its server's own number (of a standby, its primary's) and its name."""
_RIGHTS = """
    SELECT tables.name, rights.name FROM unnest(%s::text[]) AS tables (name)
    CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS rights (name)
    WHERE to_regclass(tables.name) IS NOT NULL AND NOT has_table_privilege(to_regclass(tables.name), rights.name)
    UNION ALL SELECT sequencename, 'USE' FROM pg_sequences
    WHERE schemaname = current_schema() AND sequencename LIKE 'huey%%'
    AND NOT has_sequence_privilege(format('%%I.%%I', schemaname, sequencename), 'USAGE')
    ORDER BY 1, 2"""
"""What of our tables, and of the sequences of the queue's, the role may not do."""
_ROOM = """
    SELECT current_setting('max_connections')::int,
        current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
            - coalesce(current_setting('reserved_connections', true)::int, 0),
        (SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user),
        (SELECT datconnlimit FROM pg_database WHERE datname = current_database())"""


def postgres_findings(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Look at the database, and at `database.direct_url` where it is set."""
    try:
        connection = connect_postgres(settings.database_url)
    except psycopg.Error as problem:
        yield wrong(
            "database",
            f"It cannot be reached ({reason(problem)}); see that Postgres runs and that database.url names it.",
        )
        return
    with closing(connection):
        yield from _server(connection)
        may_read = yield from _role(connection)
        yield from _connections(connection, settings)
        yield from _pooler(connection, settings)
        ((theirs,),) = _rows(connection, "SELECT clock_timestamp()")
        yield clock_finding("the database", theirs, now)
        tables = [name for (name,) in _rows(connection, "SELECT tablename FROM pg_tables")]
        if not settings.queue.url.get_secret_value():
            yield _queue(tables)
        if may_read:
            yield from schema_findings(Opened(lambda sql: _rows(connection, sql), tables, on_postgres=True), now)


def _queue(tables: Collection[str]) -> Finding:
    if _QUEUE_TABLES[0] in tables:
        return ok("queue", "Its tables are in the database.")
    return warning("queue", "Its tables are missing in the database, so jobs start late; run: schediora migrate")


def _server(connection: PostgresConnection) -> Iterator[Finding]:
    ((encoding, read_only),) = _rows(
        connection, "SELECT current_setting('server_encoding'), current_setting('transaction_read_only')"
    )
    version = connection.info.server_version // 10_000
    try:
        require_utf8(encoding)
    except SetupError as problem:
        yield wrong("database", problem.detail)
    if read_only == "on":
        yield wrong("database", "It takes no writes: it is a standby, or its role or database is set to read only.")
    if version < OLDEST_TESTED:
        yield warning("database", f"Postgres {version} is not tested; use {OLDEST_TESTED} or newer.")
    else:
        yield ok("database", f"Postgres {version} answers; it keeps text as {encoding}.")


def _role(connection: PostgresConnection) -> Generator[Finding, None, bool]:
    """Look at the role's rights, and return whether it may read every table of ours that is there."""
    ((role, is_superuser, schema, may_create),) = _rows(
        connection,
        "SELECT current_user, rolsuper, current_schema(), has_schema_privilege(current_schema(), 'CREATE')"
        " FROM pg_roles WHERE rolname = current_user",
    )
    names = [*(model._meta.table_name for model in MODELS), "alembic_version", *_QUEUE_TABLES]
    missing = _rows(connection, _RIGHTS, names)
    if schema is None:
        yield wrong("role", f'"{role}" sees no schema; set its search_path, or create the schema public.')
    elif missing:
        ((table, right), more) = missing[0], len(missing) - 1
        yield wrong(
            "role",
            f'"{role}" may not {right} on {table}{f" (and {more} more)" if more else ""}; make it the owner of the '
            f'tables, or grant it: GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO "{role}"; '
            f'GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO "{role}"',
        )
    elif is_superuser:
        yield warning("role", f'"{role}" is a superuser; give Schediora a role that owns its own database alone.')
    elif not may_create:
        yield warning("role", f'"{role}" may not create tables in {schema}, so another role has to migrate.')
    else:
        yield ok("role", f'"{role}" may do what is needed and is no superuser.')
    return not any(right == "SELECT" for _, right in missing)


def _connections(connection: PostgresConnection, settings: Settings) -> Iterator[Finding]:
    ((most, free, of_role, of_database),) = _rows(connection, _ROOM)
    room = min(limit for limit in (free, of_role, of_database) if limit >= 0)
    try:
        found = shares(settings, cores=usable_cores())
    except SetupError as problem:
        yield wrong("connections", problem.detail)
        return
    held = f"The service holds up to {found.most_connections} ({_processes(found.processes)}: {found.why})"
    if found.most_connections > room:
        yield warning(
            "connections",
            f"{held}, and there is room for {room} (max_connections is {most}); lower database.connections, or raise "
            "the limits of the server, the role or the database.",
        )
    else:
        yield ok("connections", f"{held}; there is room for {room}.")


def _processes(number: int) -> str:
    return "1 process" if number == 1 else f"{number} processes"


def _pooler(connection: PostgresConnection, settings: Settings) -> Iterator[Finding]:
    url = settings.database.direct_url.get_secret_value()
    if not url:
        if not connection.direct:
            yield warning(
                "direct_url",
                "A pooler stands before the database, so jobs are looked for twice a second; set database.direct_url "
                "to Postgres itself to have them taken up at once.",
            )
        return
    try:
        direct = connect_postgres(url)
    except psycopg.Error as problem:
        yield wrong("direct_url", f"It cannot be reached ({reason(problem)}); let database.direct_url name Postgres.")
        return
    with closing(direct):
        if _rows(direct, _WHOSE) != _rows(connection, _WHOSE):
            yield wrong(
                "direct_url",
                "It names another database than database.url, so one would be migrated and the other used; let both "
                "name the same.",
            )
        elif not direct.direct:
            yield warning("direct_url", "It leads through a pooler, too; let it name Postgres itself.")
        else:
            yield ok("direct_url", "It names the same database as database.url.")


def _rows(connection: PostgresConnection, sql: str, *values: object) -> Sequence[Any]:
    return connection.execute(sql.encode(), values or None).fetchall()
