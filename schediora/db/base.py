"""What every table shares: the database it is bound to and a UUID version 7 key (RFC 9562), which sorts by age."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import peewee
from uuid_utils.compat import uuid7

from schediora.db.database import Database

_proxy = peewee.DatabaseProxy()
_effect = threading.local()


def bind(database: Database) -> None:
    """Make `database` the one that the models read and write."""
    _proxy.initialize(database)


def bound() -> Database:
    """Return the database that the models read and write; to be called once there is one."""
    return _proxy.obj  # type: ignore[no-any-return]  # Peewee is untyped


def new_id() -> UUID:
    """Return a fresh UUIDv7."""
    return uuid7()


def first_id(instant: datetime) -> UUID:
    """Return the lowest id that could have been made at `instant`: ids begin with the milliseconds since 1970."""
    return UUID(int=max(0, int(instant.timestamp() * 1000)) << 80)


@contextmanager
def one_effect() -> Iterator[None]:
    """Make one of all transactions that this thread begins inside: it begins with the first, and ends here."""
    with ExitStack() as whole:
        _effect.begin = lambda: whole.enter_context(_proxy.atomic())
        try:
            yield
        finally:
            _effect.begin = None


def after_commit(then: Callable[[], object]) -> None:
    """Call `then` once what this thread has written is there for everybody: now, outside any transaction."""
    _proxy.after_commit(then)


def forget_writes() -> None:
    """Let what this thread has stored so far be no reason not to run what it does again."""
    _proxy.forget_writes()


class Table(peewee.Model):
    """A table without a key of its own."""

    class Meta:
        """Bound late, by `bind`."""

        database = _proxy
        legacy_table_names = False

    @classmethod
    def transaction(cls) -> Any:
        """One transaction: everything inside happens, or nothing does."""
        begin, _effect.begin = getattr(_effect, "begin", None), None
        if begin is not None:
            begin()
        return cls._meta.database.atomic()

    @classmethod
    def snapshot(cls) -> Any:
        """Several reads of one moment."""
        return cls._meta.database.snapshot()


class Entity(Table):
    """A table whose rows have a UUIDv7."""

    id = peewee.UUIDField(primary_key=True, default=new_id)

    def _pk_expr(self) -> Any:
        """Find the row by its student as well where it has one: what is split by student is looked for in one place."""
        by_id = super()._pk_expr()  # type: ignore[misc]  # Peewee is untyped
        owner = self._meta.fields.get("user")
        return by_id if owner is None or "user" not in self.__data__ else by_id & (owner == self.__data__["user"])
