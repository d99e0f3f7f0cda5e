"""The document that an export is: everything of a student's, each table a list.

Its values are wider than what clients may send, as they tell what is there already, and no wider than what every engine
stores and every calendar reckons with.
"""

from datetime import UTC, date, datetime
from typing import Annotated, Literal, TypeVar
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, FailFast, Field, StringConstraints

from schediora.ai.errors import JobFailure
from schediora.ai.schemas import FeasibilityView, OutlineView, TopicCoverage, UsageView
from schediora.auth.schemas import Email
from schediora.http.wire import KNOWN, Whole
from schediora.memory.replay import Rating
from schediora.models.ai import JobStatus
from schediora.models.planner import PlanSource, SessionStatus
from schediora.models.syllabus import ListSource
from schediora.planner.scheduler.problem import Kind
from schediora.planner.schemas import ReasonView
from schediora.planner.session_view import SessionUnitView
from schediora.users.schemas import AvailabilityEntry, DaysOff, ExamEntry, LanguageTag, ZoneName

FORMAT = "schediora-export"
VERSION = 1
"""Counted up when a document means something else than before; fields that are only added have a default."""
LONGEST_TEXT = 1024**2
"""Characters: a calendar of 1 MiB is the longest text that a student has."""
LARGEST_NUMBER = 2**31 - 1
"""What Postgres's INTEGER holds."""
FIRST_YEAR, LAST_YEAR = 2000, 2100

_Dated = TypeVar("_Dated", bound=date)


def _of_our_time(day: _Dated) -> _Dated:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"must be from the years {FIRST_YEAR} to {LAST_YEAR}")
    return day


def _in_utc(instant: datetime) -> datetime:
    return _of_our_time(instant).astimezone(UTC)


Words = Annotated[str, StringConstraints(max_length=LONGEST_TEXT)]
"""Any text, kept to the letter."""
Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
LocalDay = Annotated[date, AfterValidator(_of_our_time)]
Count = Annotated[int, Whole(0, LARGEST_NUMBER)]

_TOPIC = "The subject, in the student's words."
_LANGUAGE = "The language (BCP 47); null where nobody decided one."
_UNIT = "The unit's key."


class Exported(BaseModel):
    """A part of the document: every field is there, and no other one."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        allow_inf_nan=False,
        hide_input_in_errors=True,
        json_schema_serialization_defaults_required=True,
    )


class ExportedAccount(Exported):
    """Who the student is to the server. The password is nobody's to know, so it is not here."""

    id: UUID = Field(description="The student's, on this server.")
    email: Email = Field(description="What they sign in with.")
    timezone: ZoneName = Field(
        description="The time zone (IANA) that their days are counted in.", examples=["Asia/Jakarta"]
    )
    day_starts_at: Annotated[int, Whole(0, 360)] | None = Field(
        description="Minutes after midnight at which their day begins; null for midnight.", examples=[240]
    )
    email_confirmed_at: Moment | None = Field(
        default=None, description="When a link that was sent to the address was used; null where none was."
    )
    created_at: Moment = Field(description="When they registered.")


class ExportedPreferences(Exported):
    """How the student wants to study; null is what they have not said."""

    goal: Words = Field(description="What they want to reach.", examples=["Pass the biology exam"])
    daily_minutes: Annotated[int, Whole(30, 960)] = Field(description="Minutes of study a day.", examples=[120])
    focus_topics: list[Words] = Field(description="What they want to learn.", examples=[["Biology"]])
    availability: list[AvailabilityEntry] | None = Field(description="When in the week they can study.")
    session_minutes: Annotated[int, Whole(15, 180)] | None = Field(description="The longest session.", examples=[45])
    exams: list[ExamEntry] = Field(description="What they prepare for.")
    rest_days: list[Annotated[int, Whole(1, 7)]] | None = Field(
        description="ISO weekdays on which nothing is planned.", examples=[[7]]
    )
    days_off: list[DaysOff] | None = Field(description="Spans of days on which nothing is planned.")
    language: LanguageTag | None = Field(description=_LANGUAGE, examples=["id"])
    updated_at: Moment = Field(description="When they last said so.")


class ExportedPlan(Exported):
    """A week's plan."""

    id: UUID = Field(description="The plan's.")
    title: Words = Field(description="What it is called.", examples=["Biology: Photosynthesis"])
    topic: Words = Field(description=_TOPIC, examples=["Biology"])
    source: PlanSource
    week_start: LocalDay = Field(description="The Monday of its week.")
    asked_for: LocalDay | None = Field(description="The Monday of the earlier week that it was asked for; else null.")
    pace_of_work: Annotated[float, Field(ge=0, le=1000)] | None = Field(
        description="Minutes that it has for each that a step usually takes; null for just as many.", examples=[1.5]
    )
    language: LanguageTag | None = Field(description=_LANGUAGE, examples=["en"])
    created_at: Moment = Field(description="When it was made.")


class ExportedSession(Exported):
    """A session, with all that is kept of it."""

    id: UUID = Field(description="The session's.")
    plan_id: UUID = Field(description="The plan that it belongs to.")
    title: Words = Field(description="What is studied.", examples=["Photosynthesis: the light reactions"])
    topic: Words = Field(description=_TOPIC, examples=["Biology"])
    detail: Words = Field(description="What to do in it.", examples=["Draw the chain of electrons from memory."])
    kind: Kind | None = Field(description="What it is for; null where the student made it.")
    role: Words | None = Field(description="What the curriculum has it for; finer than `kind`.", examples=["lesson"])
    units: Annotated[list[SessionUnitView], Field(max_length=100)] | None = Field(
        description="What it is about; null where that is unknown."
    )
    builds_on: list[UUID] | None = Field(description="The sessions that it follows from.")
    duration_minutes: Annotated[int, Whole(1, 480)] = Field(description="How long it is to be.", examples=[45])
    actual_minutes: Annotated[int, Whole(1, 1440)] | None = Field(description="How long it was.", examples=[50])
    status: SessionStatus
    pinned: bool = Field(description="Whether the student chose its time.", examples=[False])
    reason: Annotated[ReasonView | None, KNOWN] = Field(description="Why it is where it is.")
    rating: Rating | None = Field(description="How well it went.")
    scheduled_at: Moment = Field(description="When it starts.")
    scheduled_on: LocalDay = Field(description="The student's day of that.")
    due_on: LocalDay | None = Field(description="The day before whose end it has to be done.")
    series_id: UUID | None = Field(description="What the sessions of one repetition share.")
    started_at: Moment | None = Field(description="When it was begun.")
    completed_at: Moment | None = Field(description="When it was said to be done.")
    completed_on: LocalDay | None = Field(description="The student's day on which it was done.")
    created_at: Moment = Field(description="When it was made.")


class ExportedChanges(Exported):
    """How often what calendars show of a session has changed, which tells them what is newer."""

    session_id: UUID = Field(description="The session's.")
    changes: Count = Field(description="How often.", examples=[2])


class ExportedListUnit(Exported):
    """A unit of a list."""

    key: Words = Field(description=_UNIT, examples=["biology.cells"])
    title: Words = Field(description="What it is called.", examples=["Cells"])
    known_on: LocalDay | None = Field(default=None, description="Since when the student says to know it.")
    left_out: bool = Field(default=False, description="Whether the student leaves it out.", examples=[False])
    removed: bool = Field(default=False, description="Taken out of the list, and remembered.", examples=[False])
    minutes: Count | None = Field(default=None, description="Minutes that lessons of it take.", examples=[60])
    needs: list[Words] | None = Field(default=None, description="Units before it.", examples=[["biology.cells"]])


class ExportedList(Exported):
    """The units of a topic, as the student or a model for them listed them."""

    topic_key: Words = Field(description="What all spellings of the topic share.", examples=["biology"])
    source: ListSource
    topic: Words = Field(description=_TOPIC, examples=["Biology"])
    language: LanguageTag = Field(description="The language of the titles (BCP 47).", examples=["en"])
    genre: Words | None = Field(description="What kind of subject it is.", examples=["science"])
    units: list[ExportedListUnit] = Field(description="In the order to learn them.")
    updated_at: Moment = Field(description="When it was listed.")


class ExportedMemory(Exported):
    """What is known of a unit: it follows from the sessions done, and is worked out from them again when imported."""

    unit: Words = Field(description=_UNIT, examples=["biology.cells"])
    stability: float = Field(description="Days in which recall falls to 90 %.", examples=[8.3])
    difficulty: float = Field(description="From 1 to 10.", examples=[5.2])
    last_on: LocalDay = Field(description="The day of the last review.")
    learned_on: LocalDay | None = Field(description="The day on which it was learned.")
    due_on: LocalDay = Field(description="The day on which it should come back.")
    last_rating: Rating


class ExportedBusyTime(Exported):
    """A stretch that the student's calendar takes up."""

    starts_at: Moment = Field(description="From when.")
    ends_at: Moment = Field(description="Until when.")


class ExportedJob(Exported):
    """A plan that was asked for, and what became of it."""

    id: UUID = Field(description="The job's.")
    status: JobStatus
    goal: Words = Field(description="What it was asked for.", examples=["Pass the biology exam"])
    topic: Words = Field(description=_TOPIC, examples=["Biology"])
    also: list[Words] | None = Field(description="Further topics.", examples=[["Chemistry"]])
    language: LanguageTag | None = Field(description=_LANGUAGE, examples=["en"])
    week_start: LocalDay = Field(description="The Monday of the week that it is for.")
    asked_for: LocalDay | None = Field(description="The Monday of the earlier week that it was asked for; else null.")
    plan_id: UUID | None = Field(description="The plan that it made, until that is deleted.")
    source: Words | None = Field(description="Who wrote it: `rules`, or `openai:` and a model.", examples=["rules"])
    degraded_reason: Words | None = Field(description="Why a model did not write all of it.", examples=[None])
    result: OutlineView | None = Field(description="What was written.")
    feasibility: Annotated[FeasibilityView | None, KNOWN] = Field(description="How it fitted into the week.")
    coverage: Annotated[list[TopicCoverage] | None, KNOWN] = Field(description="How far the student was.")
    usage: Annotated[UsageView | None, KNOWN] = Field(description="The tokens that a model took.")
    model_milliseconds: Count | None = Field(description="How long a model took.", examples=[900])
    error_code: JobFailure | None = Field(description="Why it failed.")
    error_detail: Words | None = Field(description="That as a sentence.", examples=[None])
    attempts: Count = Field(description="How often it was begun.", examples=[1])
    created_at: Moment = Field(description="When it was asked for.")
    updated_at: Moment = Field(description="When it last came further.")


class ExportedDevice(Exported):
    """A sign-in; of no use to another server, so that it is not imported."""

    id: UUID = Field(description="The sign-in's.")
    client: Words | None = Field(description="What the phone or browser called itself.", examples=["okhttp/4.12"])
    created_at: Moment = Field(description="When they signed in there.")
    last_used_at: Moment | None = Field(description="When it was last used, to the hour.")
    expires_at: Moment = Field(description="When it ends, unless it is used before.")
    revoked_at: Moment | None = Field(description="When it was ended; null where it was not.")


class Export(Exported):
    """Everything of a student's: the times are UTC, the days the student's own, the lengths minutes."""

    format: Literal["schediora-export"] = Field(description="What this is.")
    version: Literal[1] = Field(description="Of the format; one that only has more fields is the same version.")
    exported_at: Moment = Field(description="The moment that it shows.")
    release: Words = Field(description="The release of Schediora that wrote it.", examples=["0.1.0"])
    account: ExportedAccount
    preferences: ExportedPreferences | None = Field(description="Null until they are set.")
    plans: Annotated[list[ExportedPlan], FailFast()] = Field(description="By age.")
    sessions: Annotated[list[ExportedSession], FailFast()] = Field(description="By age.")
    session_changes: Annotated[list[ExportedChanges], FailFast()] = Field(description="Of sessions that changed.")
    lists: Annotated[list[ExportedList], FailFast()] = Field(description="The lists of units, by topic.")
    memories: Annotated[list[ExportedMemory], FailFast()] = Field(description="What is remembered, by unit.")
    calendar_feed_since: Moment | None = Field(
        description="When the secret address for calendars was made, which is not here; null where there is none."
    )
    busy_calendar: Words | None = Field(
        description="The calendar (iCalendar) that the student uploaded.", examples=["BEGIN:VCALENDAR ..."]
    )
    busy_times: Annotated[list[ExportedBusyTime], FailFast()] = Field(description="What it takes up, by time.")
    jobs: Annotated[list[ExportedJob], FailFast()] = Field(description="The plans that were asked for, by age.")
    devices: Annotated[list[ExportedDevice], FailFast()] = Field(description="Where they signed in, by age.")
