"""The whole API on one screen."""

from dataclasses import dataclass
from typing import Any

import falcon

from schediora.ai import resources as ai
from schediora.ai.service import Hint
from schediora.auth import resources as auth
from schediora.auth.passwords import threads_for_passwords
from schediora.auth.service import Auth
from schediora.busy import resources as busy
from schediora.busy.service import expand_anew
from schediora.calendar import resources as calendar
from schediora.calendar.service import Feeds
from schediora.dashboard import resources as dashboard
from schediora.health import resources as health
from schediora.http.cursor import Cursors
from schediora.http.entrance import DemoStudent, Entrance
from schediora.http.lanes import Lane
from schediora.http.openapi import Document
from schediora.planner import resources as planner
from schediora.planner.change_cursor import ChangeCursors
from schediora.planner.redating import redate
from schediora.planner.turns import Turns
from schediora.portability import resources as portability
from schediora.portability.service import Exports
from schediora.rate_limits.rate_limits import RateLimits
from schediora.syllabus import resources as syllabus
from schediora.syllabus.view import unit_title
from schediora.users import resources as users

PREFIX = "/api/v1"
LIVE = "/health/live"
"""Answered also while every thread is at work: who asks would restart the process."""
READY = ("GET", f"{PREFIX}/health/ready")
PASSWORDS = frozenset(
    {
        ("POST", f"{PREFIX}/auth/register"),
        ("POST", f"{PREFIX}/auth/login"),
        ("POST", f"{PREFIX}/auth/password/reset"),
        ("PUT", f"{PREFIX}/users/password"),
        ("PUT", f"{PREFIX}/users/email"),
        ("POST", f"{PREFIX}/users/me/delete"),
    }
)
"""The calls that hash a password, which takes long."""
SIGNED_IN = frozenset({("GET", f"{PREFIX}/users/me"), ("POST", f"{PREFIX}/auth/refresh")})
"""What the app asks when it starts: it signs its student out when both fail."""
SIGNED_IN_THREADS = 2
EXPORTS = frozenset({("GET", f"{PREFIX}/users/me/export")})
"""What reads everything that a student has, one at a time in each process."""
UPLOADS = {("PUT", f"{PREFIX}/users/me/busy"): busy.MOST_BYTES}
"""The calls whose bodies may be larger than others', in bytes, once the server has seen a valid token."""
TAGS = {
    "auth": "Make an account, sign in, stay signed in, sign out.",
    "users": "Who is signed in, how they want to study, and how they do.",
    "planner": "Plans and their sessions: make them, list them, tick them off, move them, plan the week anew.",
    "syllabus": "What there is to learn in a topic, and how far the student is in it.",
    "calendar": "The week in the student's own calendar, and what that calendar takes up of it.",
    "dashboard": "How it is going: today, the streak, and what was studied.",
    "ai": "Have this week's plan made. Making one takes a while: ask for it, then look at its job until it is done.",
    "health": "Whether the service is up, for whoever watches over it.",
    "documents": "The API about itself.",
}
"""The headings of the OpenAPI document."""


def lanes(threads: int, *, cores: int | None = None) -> list[Lane]:
    """Return the calls that have threads of their own, beside the `threads` of reads: as many for writes, which wait
    for locks and disks, enough for as many passwords as `cores` hash at once, and a few for what is refused last.
    """
    return [
        Lane("writes", threads, methods=frozenset({"POST", "PUT", "PATCH", "DELETE"})),
        Lane("passwords", threads_for_passwords(cores), PASSWORDS, patient=True, anywhere=True),
        Lane("signed-in", SIGNED_IN_THREADS, SIGNED_IN, patient=True, ahead=True),
        Lane("exports", 1, EXPORTS, patient=True),
        Lane("ready", 1, frozenset({READY})),
    ]


@dataclass(frozen=True, slots=True)
class Route:
    """An address below the prefix, what answers it, and the heading it is listed under."""

    path: str
    resource: object
    tag: str


def routes(
    *,
    sign_in: Auth,
    cursors: Cursors,
    changes: ChangeCursors,
    turns: Turns,
    hint: Hint,
    limits: RateLimits,
    ready: health.Ready,
    feeds: Feeds,
    exports: Exports,
) -> list[Route]:
    """Return every address of the API; the methods are the resource's `on_*`."""
    recovery = sign_in.recovery
    return [
        Route("/auth/register", auth.Register(sign_in), "auth"),  # POST
        Route("/auth/login", auth.Login(sign_in), "auth"),  # POST
        Route("/auth/refresh", auth.Refresh(sign_in), "auth"),  # POST
        Route("/auth/logout", auth.Logout(sign_in), "auth"),  # POST
        Route("/auth/password/forgot", auth.Forgotten(recovery), "auth"),  # POST
        Route("/auth/password/reset", auth.Reset(recovery), "auth"),  # POST
        Route("/auth/email/confirm", auth.Confirmation(recovery), "auth"),  # POST
        Route("/auth/sessions", auth.DeviceList(sign_in.devices), "auth"),  # GET DELETE
        Route("/auth/sessions/{sign_in_id:uuid}", auth.DeviceItem(sign_in.devices), "auth"),  # DELETE
        Route("/users/password", auth.Password(sign_in.account), "auth"),  # PUT
        Route("/users/email", auth.EmailAddress(sign_in.account, by_mail=recovery.by_mail), "users"),  # PUT
        Route("/users/me", users.Me(confirms=recovery.by_mail), "users"),  # GET
        Route("/users/me/export", portability.ExportResource(exports), "users"),  # GET
        Route("/users/me/delete", auth.Deletion(sign_in.account), "users"),  # POST
        Route("/users/me/habits", planner.Habits(), "users"),  # GET
        Route("/users/me/calendar", calendar.CalendarLinkResource(feeds), "calendar"),  # POST DELETE
        Route("/users/me/busy", busy.BusyResource(), "calendar"),  # GET PUT DELETE
        Route("/users/preferences", users.PreferencesResource(redate, expand_anew), "users"),  # PUT
        Route("/plans", planner.Plans(cursors, unit_title), "planner"),  # GET POST
        Route("/plans/{plan_id:uuid}", planner.PlanItem(), "planner"),  # DELETE
        Route("/plans/current/sessions", planner.CurrentPlanSessions(unit_title), "planner"),  # POST
        Route("/plans/current/replan", planner.Replan(turns), "planner"),  # POST
        Route("/plans/current/replan/undo", planner.ReplanUndo(), "planner"),  # POST
        Route("/sessions", planner.Sessions(cursors, changes), "planner"),  # GET
        Route("/sessions/{session_id:uuid}", planner.SessionItem(), "planner"),  # PATCH DELETE
        Route("/sessions/{session_id:uuid}/material", planner.SessionMaterial(), "planner"),  # GET
        Route("/syllabus", syllabus.SyllabusResource(), "syllabus"),  # GET PUT
        Route("/dashboard/summary", dashboard.Summary(), "dashboard"),  # GET
        Route("/ai/plans/generate", ai.GeneratePlan(hint, limits), "ai"),  # POST
        Route("/ai/plans/status/weekly", ai.Weekly(limits), "ai"),  # GET
        Route("/ai/jobs/{job_id:uuid}", ai.JobItem(), "ai"),  # GET
        Route(LIVE, health.Live(), "health"),  # GET
        Route("/health/ready", ready, "health"),  # GET
    ]


def add_routes(
    app: "falcon.App[Any, Any]", table: list[Route], *, version: str, mail: bool, demo: DemoStudent | None = None
) -> None:
    """Put `table`, the entrance and the document that describes them under the prefix."""
    document, entrance = Document(version, prefix=PREFIX, tags=TAGS), Entrance(PREFIX, version, demo, mail=mail)
    app.add_route(PREFIX, entrance)  # the document can only say "/" below the prefix, so both are answered
    for route in [Route("/", entrance, "documents"), *table, Route("/openapi.json", document, "documents")]:
        app.add_route(PREFIX + route.path, route.resource)
        document.describe(route.path, route.resource, route.tag)


def add_feeds(app: "falcon.App[Any, Any]", feeds: Feeds) -> None:
    """Put the students' feeds outside the prefix: their addresses are in other calendars, which know of no version."""
    app.add_route(calendar.FEED_ADDRESS, calendar.FeedResource(feeds))
