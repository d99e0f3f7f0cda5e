"""Every table, for whoever needs them all."""

import peewee

from schediora.models.ai import Job
from schediora.models.auth import FamiliarAddress, SignIn
from schediora.models.calendar import BusyCalendar, BusyTime, CalendarFeed
from schediora.models.idempotency import IdempotencyKey
from schediora.models.mail import Link, Mail
from schediora.models.planner import DashboardDailyMetric, DeletedSession, Plan, Session, SessionChanges, SessionUnit
from schediora.models.rate_limits import RateCount
from schediora.models.schema import SchemaRevision
from schediora.models.syllabus import SyllabusList, UnitMemoryRow
from schediora.models.users import Preferences, User

MODELS: list[type[peewee.Model]] = [
    User,
    SignIn,
    FamiliarAddress,
    Preferences,
    Plan,
    Session,
    SessionChanges,
    DeletedSession,
    SessionUnit,
    UnitMemoryRow,
    SyllabusList,
    CalendarFeed,
    BusyCalendar,
    BusyTime,
    Job,
    IdempotencyKey,
    RateCount,
    Mail,
    Link,
    DashboardDailyMetric,
    SchemaRevision,
]


def table_name(model: type[peewee.Model]) -> str:
    """Return what the database calls the table of `model`."""
    return str(model._meta.table_name)
