"""What sessions are about, how they went, and what students remember of it.

Sessions from before are matched once, by title, with the units of the subject that their topic names, as both were
called at this revision (the table beside this file); what matches nothing stays without units. What their students
remember follows from the ones that are done. SQL that is printed for later cannot read, so it leaves both out.
"""

import json
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import context, op
from fsrs import Card, Rating, Scheduler
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None
compatible = True

_NAMES = Path(__file__).with_suffix(".toml")
_BATCH = 1000
_ID = sa.Text().with_variant(sa.Uuid(), "postgresql")
_JSON = sa.Text().with_variant(postgresql.JSONB(), "postgresql")
_INSTANT = sa.Text().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")

_SESSIONS = sa.table(
    "study_sessions",
    *(sa.column("id", _ID), sa.column("user_id", _ID), sa.column("topic"), sa.column("title"), sa.column("kind")),
    *(sa.column("units", _JSON), sa.column("completed_on", sa.Date())),
)
_SESSION_UNITS = sa.table(
    "session_units", sa.column("user_id", _ID), sa.column("session_id", _ID), sa.column("unit", sa.Text())
)
_MEMORIES = sa.table(
    "unit_memories",
    *(sa.column("user_id", _ID), sa.column("unit"), sa.column("stability"), sa.column("difficulty")),
    *(sa.column(name, sa.Date()) for name in ("last_on", "learned_on", "due_on")),
    sa.column("last_rating"),
)


def upgrade() -> None:
    _alter_tables()
    _create_tables()
    if not context.is_offline_mode():
        connection = op.get_bind()
        _match_sessions(connection)
        _remember(connection)


def _alter_tables() -> None:
    with op.batch_alter_table("study_sessions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("role", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("units", _JSON, nullable=True))
        batch_op.add_column(sa.Column("builds_on", _JSON, nullable=True))
    _add_word("study_sessions", "rating", ("again", "hard", "good", "easy"))

    with op.batch_alter_table("study_plans", schema=None) as batch_op:
        batch_op.add_column(sa.Column("language", sa.Text(), nullable=True))

    with op.batch_alter_table("onboarding_preferences", schema=None) as batch_op:
        batch_op.add_column(sa.Column("language", sa.Text(), nullable=True))

    with op.batch_alter_table("ai_jobs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("also", _JSON, nullable=True))
        batch_op.add_column(sa.Column("language", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("coverage", _JSON, nullable=True))
        batch_op.add_column(sa.Column("usage", _JSON, nullable=True))
        batch_op.add_column(sa.Column("model_milliseconds", sa.Integer(), nullable=True))
        batch_op.create_index(
            "ix_ai_jobs_usage",
            ["created_at"],
            unique=False,
            sqlite_where=sa.text("usage IS NOT NULL"),
            postgresql_where=sa.text("usage IS NOT NULL"),
        )
    _add_word("ai_jobs", "stage", ("reading", "writing", "placing"))


def _add_word(table: str, column: str, words: Sequence[str]) -> None:
    """Add a column for one of a few words; with Alembic's own way SQLite would have to copy the whole table."""
    listed = ", ".join(f"'{word}'" for word in words)
    check = f"CONSTRAINT ck_{table}_{column} CHECK ({column} IN ({listed}))"
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} TEXT {check}")


def _create_tables() -> None:
    op.create_table(
        "session_units",
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("session_id", _ID, nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["study_sessions.id"], name=op.f("fk_session_units_session_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_session_units_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("session_id", "unit", name=op.f("pk_session_units")),
    )
    op.create_index("ix_session_units_user_id_unit", "session_units", ["user_id", "unit"], unique=False)

    op.create_table(
        "unit_memories",
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("stability", sa.Double(), nullable=False),
        sa.Column("difficulty", sa.Double(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("learned_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("last_rating", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "last_rating IN ('again', 'hard', 'good', 'easy')", name=op.f("ck_unit_memories_last_rating")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_unit_memories_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "unit", name=op.f("pk_unit_memories")),
    )
    op.create_index("ix_unit_memories_user_id_due_on", "unit_memories", ["user_id", "due_on"], unique=False)

    op.create_table(
        "syllabus_lists",
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("topic_key", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("genre", sa.Text(), nullable=True),
        sa.Column("units", _JSON, nullable=False),
        sa.Column("updated_at", _INSTANT, nullable=False),
        sa.CheckConstraint("source IN ('student', 'model')", name=op.f("ck_syllabus_lists_source")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_syllabus_lists_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "topic_key", "source", name=op.f("pk_syllabus_lists")),
    )


def downgrade() -> None:
    op.drop_table("syllabus_lists")
    op.drop_table("unit_memories")
    op.drop_table("session_units")

    with op.batch_alter_table("ai_jobs", schema=None) as batch_op:
        batch_op.drop_index("ix_ai_jobs_usage")
        batch_op.drop_constraint("ck_ai_jobs_stage", type_="check")
        for name in ("model_milliseconds", "usage", "stage", "coverage", "language", "also"):
            batch_op.drop_column(name)

    with op.batch_alter_table("onboarding_preferences", schema=None) as batch_op:
        batch_op.drop_column("language")

    with op.batch_alter_table("study_plans", schema=None) as batch_op:
        batch_op.drop_column("language")

    with op.batch_alter_table("study_sessions", schema=None) as batch_op:
        batch_op.drop_constraint("ck_study_sessions_rating", type_="check")
        for name in ("rating", "builds_on", "units", "role"):
            batch_op.drop_column(name)


def _match_sessions(connection: sa.Connection) -> None:
    """Give the sessions whose title begins with the name of a unit that unit, a batch at a time."""
    as_stored = json.dumps if connection.dialect.name == "sqlite" else lambda value: value
    change = (
        _SESSIONS.update()
        .where(_SESSIONS.c.id == sa.bindparam("of_session"))
        .values(units=sa.bindparam("about", type_=_JSON))
    )
    for rows in _batches(connection):
        found = [(row, unit) for row in rows if (unit := _unit(row.topic, row.title))]
        if not found:
            continue
        connection.execute(
            change,
            [{"of_session": row.id, "about": as_stored([{"key": key, "title": title}])} for row, (key, title) in found],
        )
        connection.execute(
            _SESSION_UNITS.insert(),
            [{"user_id": row.user_id, "session_id": row.id, "unit": key} for row, (key, _) in found],
        )


def _batches(connection: sa.Connection) -> Iterator[Sequence[Any]]:
    columns = sa.select(_SESSIONS.c.id, _SESSIONS.c.user_id, _SESSIONS.c.topic, _SESSIONS.c.title)
    last: Any = None
    while True:
        page = columns.order_by(_SESSIONS.c.id).limit(_BATCH)
        rows = connection.execute(page if last is None else page.where(_SESSIONS.c.id > last)).fetchall()
        if not rows:
            return
        yield rows
        last = rows[-1].id


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


@cache
def _table() -> Sequence[tuple[frozenset[str], Mapping[str, tuple[str, str]]]]:
    """Return of each subject what names it in a topic, and its units' keys and titles by what a title begins with."""
    subjects = tomllib.loads(_NAMES.read_text("utf-8"))
    table = []
    for key, subject in subjects.items():
        named = {_folded(name) for name in subject["names"]}
        units: dict[str, tuple[str, str]] = {}
        for unit, names in subject["units"].items():
            units |= {_folded(title): (f"{key}.{unit}", title) for title in names["titles"]}
            named |= {_folded(name) for name in (*names["titles"], *names["aliases"])}
        table.append((frozenset(named), units))
    return table


@lru_cache(maxsize=4096)
def _subjects(topic: str) -> Sequence[Mapping[str, tuple[str, str]]]:
    words = "".join(char if char.isalnum() else " " for char in _folded(topic))
    padded = f" {' '.join(words.split())} "
    return [units for named, units in _table() if any(f" {name} " in padded for name in named)]


def _unit(topic: str, title: str) -> tuple[str, str] | None:
    """Return the key and title of the unit with whose name `title` begins, in a subject that `topic` names."""
    begun = _folded(title)
    hits = [
        (len(name), unit)
        for units in _subjects(topic)
        for name, unit in units.items()
        if begun.startswith(name) and not begun[len(name) : len(name) + 1].isalnum()
    ]
    return max(hits)[1] if hits else None


def _remember(connection: sa.Connection) -> None:
    """Write what is remembered of each unit: every session so far is about one and counts as gone well.

    A mock made nothing remembered, and a unit is learned on the day of its first lesson or session of the student's
    own.
    """
    done = (
        sa.select(
            _SESSION_UNITS.c.user_id, _SESSION_UNITS.c.unit, _SESSIONS.c.completed_on.label("day"), _SESSIONS.c.kind
        )
        .join(_SESSIONS, _SESSIONS.c.id == _SESSION_UNITS.c.session_id)
        .where(_SESSIONS.c.completed_on.is_not(None), sa.func.coalesce(_SESSIONS.c.kind, "") != "mock")
        .order_by(_SESSION_UNITS.c.user_id, _SESSION_UNITS.c.unit, _SESSIONS.c.completed_on)
    )
    memories: list[dict[str, Any]] = []
    for (user_id, unit), reviews in groupby(connection.execute(done).fetchall(), key=lambda row: (row[0], row[1])):
        memories.append({"user_id": user_id, "unit": unit, **_memory([(row.day, row.kind) for row in reviews])})
    for start in range(0, len(memories), _BATCH):
        connection.execute(_MEMORIES.insert(), memories[start : start + _BATCH])


def _memory(reviews: Sequence[tuple[date, str | None]]) -> dict[str, Any]:
    scheduler = Scheduler(desired_retention=0.9, learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    days = sorted({day for day, _ in reviews})
    card = Card(card_id=0, due=_noon(days[0]))
    for day in days:
        card, _ = scheduler.review_card(card, Rating.Good, _noon(day))
    return {
        "stability": card.stability,
        "difficulty": card.difficulty,
        "last_on": days[-1],
        "learned_on": min((day for day, kind in reviews if kind in (None, "learn")), default=None),
        "due_on": max(card.due.date(), days[-1] + timedelta(days=1)),
        "last_rating": "good",
    }


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=UTC)
