"""Students and what they said about their week."""

import peewee

from schediora.db.base import Entity, Table
from schediora.db.fields import InstantField


class User(Entity):
    """A student. The row is also the lock under which everything in their planner is written.

    `day_starts_at` are the minutes after midnight at which their day begins; null is midnight. `room_for_sessions` is
    how many sessions they can add at least; null is not counted yet. `recorded_revision` is the `planner_revision` of
    the last change whose sessions are on record, another one than that once older code has changed something since;
    what was changed up to `unrecorded_revision` is not on record.
    `email_confirmed_at` is when a link that was sent to `email` was used; null where none was.
    """

    email = peewee.TextField(unique=True)
    password_hash = peewee.TextField()
    timezone = peewee.TextField(null=True)
    day_starts_at = peewee.IntegerField(null=True)
    planner_revision = peewee.IntegerField(default=0)
    recorded_revision = peewee.IntegerField(null=True)
    unrecorded_revision = peewee.IntegerField(null=True)
    room_for_sessions = peewee.IntegerField(null=True)
    last_replan = peewee.JSONField(null=True)
    email_confirmed_at = InstantField(null=True)
    created_at = InstantField()

    @property
    def next_revision(self) -> int:
        """The `planner_revision` of the change that is being made, under the lock on this row."""
        return int(self.planner_revision) + 1

    class Meta:
        """Addresses are stored lower-case, so that unique means unique without case."""

        table_name = "users"
        constraints = [peewee.Check("email = lower(email)", name="ck_users_email_lower")]


class Preferences(Table):
    """A student's goal, hours, topics, free windows, exams and the language of their plans (BCP 47, null: not said).

    `rest_days` are ISO weekdays, `days_off` spans of local days as `{"first", "last"}`; null is none.
    """

    user = peewee.ForeignKeyField(User, primary_key=True, on_delete="CASCADE", backref="preferences_rows")
    goal = peewee.TextField()
    daily_minutes = peewee.IntegerField()
    focus_topics = peewee.JSONField()
    availability = peewee.JSONField(null=True)
    session_minutes = peewee.IntegerField(null=True)
    exams = peewee.JSONField()
    rest_days = peewee.JSONField(null=True)
    days_off = peewee.JSONField(null=True)
    language = peewee.TextField(null=True)
    updated_at = InstantField()

    class Meta:
        """Minutes as the API allows them: half an hour to 16 hours a day, sessions of 15 to 180 minutes."""

        table_name = "onboarding_preferences"
        constraints = [
            peewee.Check("daily_minutes BETWEEN 30 AND 960", name="ck_onboarding_preferences_daily_minutes"),
            peewee.Check(
                "session_minutes IS NULL OR session_minutes BETWEEN 15 AND 180",
                name="ck_onboarding_preferences_session_minutes",
            ),
        ]
