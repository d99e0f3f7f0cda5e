"""What a student remembers of a unit, and the lists of units that are theirs."""

from enum import StrEnum

import peewee

from schediora.db.base import Table
from schediora.db.fields import EnumField, InstantField
from schediora.memory.replay import Rating
from schediora.models.users import User


class UnitMemoryRow(Table):
    """What is known of a unit: what a replay of its sessions gives, kept so that nobody replays them to read it.

    The columns are those of `schediora.memory.replay.UnitMemory`; the days are local.
    """

    user = peewee.ForeignKeyField(User, on_delete="CASCADE", backref="unit_memories", index=False)
    unit = peewee.TextField()
    stability = peewee.DoubleField()
    difficulty = peewee.DoubleField()
    last_on = peewee.DateField()
    learned_on = peewee.DateField(null=True)
    due_on = peewee.DateField()
    last_rating = EnumField(Rating)

    class Meta:
        """One row a student and unit, found by the day on which it is due."""

        table_name = "unit_memories"
        primary_key = peewee.CompositeKey("user", "unit")
        indexes = ((("user", "due_on"), False),)


class ListSource(StrEnum):
    """Who wrote a list of units."""

    STUDENT = "student"
    MODEL = "model"


class SyllabusList(Table):
    """The units of a topic as the student, or a model for them, listed them, in the order to learn.

    `topic_key` is what all spellings of the topic share, `topic` the one that was used. `units` are
    `{"key", "title", "known_on", "left_out"}` with, where a model said so, `minutes` and `needs`.
    """

    user = peewee.ForeignKeyField(User, on_delete="CASCADE", backref="syllabus_lists", index=False)
    topic_key = peewee.TextField()
    source = EnumField(ListSource)
    topic = peewee.TextField()
    language = peewee.TextField()
    genre = peewee.TextField(null=True)
    units = peewee.JSONField()
    updated_at = InstantField()

    class Meta:
        """One list a student, topic and source."""

        table_name = "syllabus_lists"
        primary_key = peewee.CompositeKey("user", "topic_key", "source")
