"""What of each table an export has, and why it has not the rest: a test holds this against every table and column."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any

import peewee
from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import to_json

from schediora.models.ai import Job
from schediora.models.auth import SignIn
from schediora.models.calendar import BusyTime
from schediora.models.planner import Plan, Session, SessionChanges
from schediora.models.syllabus import SyllabusList, UnitMemoryRow
from schediora.models.users import Preferences, User
from schediora.portability import schemas
from schediora.portability.queries import Row


@dataclass(frozen=True)
class Part:
    """A table's columns that are exported, those which `shown` names; its rows are read in the order of `key`."""

    name: str
    model: type[peewee.Model]
    shown: type[schemas.Exported]
    key: str

    @cached_property
    def columns(self) -> Sequence[str]:
        """The columns, in the order of the document."""
        return [name for name in self.shown.model_fields if name in self.model._meta.columns]

    def shaped(self, row: Row) -> Row:
        """Return a row with what is kept as JSON in the form that the document has it in, without what other releases
        may have stored with it; what cannot be read like that is told as it is.
        """
        return row | {name: _read(adapter, row[name]) for name, adapter in self._of_json.items()}

    def stored(self, shown: schemas.Exported) -> Row:
        """Return the columns of a row that the document shows."""
        of_json = set(self._of_json)
        plain = shown.model_dump(exclude=of_json)
        words = {name: value.value for name, value in plain.items() if isinstance(value, StrEnum)}
        return plain | words | shown.model_dump(mode="json", include=of_json)

    @cached_property
    def _of_json(self) -> dict[str, TypeAdapter[Any]]:
        columns = self.model._meta.columns
        return {
            name: _adapter(self.shown.model_fields[name])
            for name in self.columns
            if isinstance(columns[name], peewee.JSONField)
        }


def _adapter(field: FieldInfo) -> TypeAdapter[Any]:
    described: Any = Annotated[field.annotation, field, *field.metadata]
    return TypeAdapter(described)


def _read(adapter: TypeAdapter[Any], value: Any) -> Any:
    try:
        return adapter.dump_python(adapter.validate_json(to_json(value)), mode="json")
    except ValidationError:
        return value


ACCOUNT = Part("account", User, schemas.ExportedAccount, "id")
PREFERENCES = Part("preferences", Preferences, schemas.ExportedPreferences, "user_id")
PLANS = Part("plans", Plan, schemas.ExportedPlan, "id")
SESSIONS = Part("sessions", Session, schemas.ExportedSession, "id")
CHANGES = Part("session_changes", SessionChanges, schemas.ExportedChanges, "session_id")
LISTS = Part("lists", SyllabusList, schemas.ExportedList, "topic_key")
MEMORIES = Part("memories", UnitMemoryRow, schemas.ExportedMemory, "unit")
BUSY_TIMES = Part("busy_times", BusyTime, schemas.ExportedBusyTime, "ends_at")
JOBS = Part("jobs", Job, schemas.ExportedJob, "id")
DEVICES = Part("devices", SignIn, schemas.ExportedDevice, "id")
PARTS = (ACCOUNT, PREFERENCES, PLANS, SESSIONS, CHANGES, LISTS, MEMORIES, BUSY_TIMES, JOBS, DEVICES)

_ITS_OWN = "whose it is, which the document says once"
_CHAIN = "which tokens of a sign-in are good: of no use but to sign in"
_WORK = "how a worker gets on with a plan that is being made"
_COUNTED = "a count of the server's, begun anew"

COLUMNS_LEFT_OUT = {
    "users.password_hash": "nobody is to guess the password from a file",
    "users.planner_revision": _COUNTED,
    "users.recorded_revision": _COUNTED,
    "users.unrecorded_revision": _COUNTED,
    "study_sessions.revision": _COUNTED,
    "users.room_for_sessions": _COUNTED,
    "users.last_replan": "what the last replanning moved, to take it back: for a moment's second thoughts",
    "refresh_tokens.generation": _CHAIN,
    "refresh_tokens.used_generation": _CHAIN,
    "refresh_tokens.replaced_generation": _CHAIN,
    "refresh_tokens.skipped": _CHAIN,
    "refresh_tokens.rotated_at": _CHAIN,
    "refresh_tokens.ends_at": _CHAIN,
    "ai_jobs.stage": _WORK,
    "ai_jobs.rules_attempts": _WORK,
    "ai_jobs.lease_token": _WORK,
    "ai_jobs.lease_until": _WORK,
    "ai_jobs.hinted_at": _WORK,
} | {
    f"{table}.user_id": _ITS_OWN
    for table in (
        "refresh_tokens", "onboarding_preferences", "study_plans", "study_sessions", "syllabus_lists", "unit_memories",
        "busy_times", "ai_jobs",
    )
}  # fmt: skip
"""The columns of exported tables that are not exported, each with the reason."""

TABLES_LEFT_OUT = {
    "calendar_feeds": "a secret address of this server's; when it was made is told as calendar_feed_since",
    "busy_calendars": "the calendar's text is told as busy_calendar, the rest says when it is read again",
    "deleted_sessions": "what devices are told of that have sessions which are gone; nothing of them is kept",
    "session_units": "what the units of the sessions say, to find sessions by",
    "familiar_addresses": "keyed hashes, of which nobody can tell the addresses",
    "rate_counts": "what limits have counted, by keyed hashes; spent within a day",
    "mails": "what is to be sent to an address, or was within the hour",
    "links": "hashes of links that are good for half an hour on this server",
    "idempotency_keys": "answers to calls of the last day, encrypted, for who sends one again",
    "dashboard_daily_metrics": "what the first release counted of the sessions; nothing reads it",
    "schema_revisions": "what the database says of itself",
}
"""The tables of which nothing is exported in this way, each with the reason."""
