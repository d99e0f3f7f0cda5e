"""Postgres databases for one test after the other, emptied in between: making one takes longer than most tests."""

import psycopg
from psycopg import sql

from tests import servers

_KEPT = {"alembic_version", "schema_revisions"}
"""What `migrate` wrote, which is part of a fresh database."""

_OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> %s"

_SHAPE = """
    SELECT md5(concat(
        (SELECT string_agg(concat_ws(' ', relname, attname, atttypid, attnotnull), ',' ORDER BY attrelid, attnum)
         FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
         WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0),
        (SELECT string_agg(indexdef, ',' ORDER BY indexdef) FROM pg_indexes WHERE schemaname = 'public'),
        (SELECT string_agg(pg_get_constraintdef(oid), ',' ORDER BY oid) FROM pg_constraint
         WHERE connamespace = 'public'::regnamespace),
        (SELECT string_agg(proname, ',' ORDER BY oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace),
        (SELECT string_agg(tgname, ',' ORDER BY oid) FROM pg_trigger WHERE NOT tgisinternal),
        (SELECT string_agg(setconfig::text, ',') FROM pg_db_role_setting
         JOIN pg_database ON pg_database.oid = setdatabase WHERE datname = current_database()),
        (SELECT string_agg(alembic_version::text, ',') FROM alembic_version),
        (SELECT string_agg(schema_revisions::text, ',' ORDER BY schema_revisions::text) FROM schema_revisions)))"""
"""Tables, indexes, constraints, functions, settings and revisions: all in which a used database may differ from a fresh
one besides its rows.
"""


class Databases:
    """Copies of one migrated database. One that is given back with another shape than it had is dropped."""

    def __init__(self, admin_url: str, template: str) -> None:
        self._admin_url, self._template = admin_url, template
        self._spare: list[str] = []
        self._shape = ""

    def take(self) -> str:
        """Return the address of an empty database with the template's schema."""
        if self._spare:
            return self._spare.pop()
        url = servers.create_database(self._admin_url, template=self._template)
        if not self._shape:
            with psycopg.connect(url) as connection:
                self._shape = _shape(connection)
        return url

    def give_back(self, url: str) -> None:
        """Empty the database for the next test, or drop it when the test has changed more than its rows."""
        if self._emptied(url):
            self._spare.append(url)
        else:
            servers.drop_database(self._admin_url, url)

    def _emptied(self, url: str) -> bool:
        try:
            with psycopg.connect(url) as connection:
                connection.execute(_OTHERS, [connection.info.backend_pid])
                if _shape(connection) != self._shape:
                    return False
                tables = {
                    name
                    for (name,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
                }
                # Students first: nearly everything is theirs and goes with them.
                for table in sorted(tables - _KEPT, key=lambda name: (name != "users", name)):
                    connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        except psycopg.Error:
            return False
        return True


def _shape(connection: psycopg.Connection) -> str:
    (found,) = connection.execute(_SHAPE).fetchone() or ("",)
    return str(found)
