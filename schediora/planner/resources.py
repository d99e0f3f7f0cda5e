"""What answers the planner's addresses."""

from typing import TypeVar
from urllib.parse import urlencode
from uuid import UUID

import falcon
from pydantic import MISSING

from schediora.errors import TooManyRequests
from schediora.http.cursor import Cursors, Position
from schediora.http.operation import Request, operation
from schediora.http.wire import Shown, rendered
from schediora.planner import habits, material, queries, replanning, service
from schediora.planner.adding import UnitTitle
from schediora.planner.change_cursor import ChangeCursors
from schediora.planner.changed_sessions import changes_page
from schediora.planner.errors import (
    NoCurrentPlan,
    NothingToUndo,
    PlanChanged,
    PlanNotFound,
    QuotaExceeded,
    ResyncNeeded,
    SessionNotFound,
)
from schediora.planner.habits import HabitsView
from schediora.planner.listing import check_listing, listing_name, listing_page
from schediora.planner.queries import Page
from schediora.planner.replanning_schemas import ReplanRequest, ReplanUndone, ReplanView, UndoRequest
from schediora.planner.schemas import (
    DeletionQuery,
    MaterialView,
    PlanCreate,
    PlanCreated,
    PlanQuery,
    PlanView,
    SessionCreate,
    SessionQuery,
    SessionUpdate,
)
from schediora.planner.session_view import SessionAdded, SessionDeleted, SessionUpdated, SessionView
from schediora.planner.turns import Turns

Row = TypeVar("Row")


class _List:
    """Goes on where a cursor says, and says where the page after it begins."""

    def __init__(self, cursors: Cursors) -> None:
        self._cursors = cursors

    def _after(self, req: Request, text: str | MISSING, list_name: str) -> Position | None:
        """Return the position that the cursor `text` stands for; raise Invalid for one that this list never gave."""
        return None if text is MISSING else self._cursors.decode(text, list_name, req.context.caller.user_id)

    def _rows(self, req: Request, resp: falcon.Response, page: Page[Row], list_name: str) -> list[Row]:
        """Return the page's rows, and point to the next page: a relative link that keeps the query."""
        if page.next is not None:
            cursor = self._cursors.encode(page.next, list_name, req.context.caller.user_id)
            self._link(req, resp, "next", cursor=cursor)
        return page.rows

    def _link(self, req: Request, resp: falcon.Response, relation: str, **to: str) -> None:
        query = urlencode({**req.params, **to})
        resp.set_header("Link", f'<{req.root_path}{req.path}?{query}>; rel="{relation}"')


class Plans(_List):
    """The student's plans. `unit_title` tells what a unit of a topic's syllabus is called."""

    def __init__(self, cursors: Cursors, unit_title: UnitTitle) -> None:
        super().__init__(cursors)
        self._unit_title = unit_title

    @operation(
        "listPlans", "List plans, newest first", answer=list[PlanView], query=PlanQuery, headers=("Link",), kept=True
    )
    def on_get(self, req: Request, resp: falcon.Response, query: PlanQuery) -> list[PlanView]:
        """Show a page of plans."""
        after = self._after(req, query.cursor, "plans")
        page = queries.plans_page(req.context.caller.user_id, rows=query.limit, after=after)
        return self._rows(req, resp, page, "plans")

    @operation(
        "createPlan",
        "Make a plan with its first session",
        answer=PlanCreated,
        status=201,
        body=PlanCreate,
        errors=(QuotaExceeded,),
    )
    def on_post(self, req: Request, resp: falcon.Response, body: PlanCreate) -> PlanCreated:
        """Make a plan by hand."""
        return service.create_plan(req.context.caller, body, self._unit_title, now=req.context.now)


class PlanItem:
    """One plan."""

    @operation("deletePlan", "Delete a plan and its sessions", status=204, errors=(PlanNotFound,))
    def on_delete(self, req: Request, resp: falcon.Response, plan_id: UUID) -> None:
        """Delete a plan; what was completed in it no longer counts."""
        service.delete_plan(req.context.caller, plan_id, now=req.context.now)


class CurrentPlanSessions:
    """The sessions of this week's plan. `unit_title` tells what a unit of a topic's syllabus is called."""

    def __init__(self, unit_title: UnitTitle) -> None:
        self._unit_title = unit_title

    @operation(
        "appendSession",
        "Append a session to this week's plan",
        answer=SessionAdded,
        status=201,
        body=SessionCreate,
        errors=(NoCurrentPlan, QuotaExceeded),
    )
    def on_post(self, req: Request, resp: falcon.Response, body: SessionCreate) -> SessionAdded:
        """Add a session to the oldest of this week's plans."""
        return service.append_session(req.context.caller, body, self._unit_title, now=req.context.now)


class Replan:
    """A new arrangement of what is missed and pending."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns

    @operation(
        "replan",
        "Place missed and pending sessions anew",
        answer=ReplanView,
        body=ReplanRequest,
        cost=10,
        body_optional=True,
        errors=(NoCurrentPlan, PlanChanged, TooManyRequests),
    )
    def on_post(self, req: Request, resp: falcon.Response, body: ReplanRequest) -> ReplanView:
        """Preview a new arrangement; with `apply` and the preview's `revision`, do just that."""
        caller = req.context.caller
        with self._turns.of(caller.user_id):
            return replanning.replan(caller, body, now=req.context.now)


class ReplanUndo:
    """The way back from a new arrangement."""

    @operation(
        "undoReplan",
        "Undo the last replanning",
        answer=ReplanUndone,
        body=UndoRequest,
        body_optional=True,
        errors=(NothingToUndo,),
    )
    def on_post(self, req: Request, resp: falcon.Response, body: UndoRequest) -> ReplanUndone:
        """Put the sessions that were moved back where they were."""
        return replanning.undo_replan(req.context.caller, now=req.context.now)


class Sessions(_List):
    """The student's sessions."""

    def __init__(self, cursors: Cursors, changes: ChangeCursors) -> None:
        super().__init__(cursors)
        self._changes = changes

    @operation(
        "listSessions",
        "List sessions by time",
        answer=list[SessionView | SessionDeleted],
        query=SessionQuery,
        errors=(ResyncNeeded,),
        headers=("Link",),
        kept=True,
    )
    def on_get(self, req: Request, resp: falcon.Response, query: SessionQuery) -> bytes:
        """Show a page of this week's sessions, of all, of some days', of those that are overdue, or of what has changed
        since the caller last asked.
        """
        check_listing(query)
        if query.since is not MISSING:
            return rendered(self._changed(req, resp, query.since, query.rows))
        name = listing_name(query)
        after = self._after(req, query.cursor, name)
        page = listing_page(req.context.caller, query, after, now=req.context.now)
        return rendered(self._rows(req, resp, page, name))

    def _changed(self, req: Request, resp: falcon.Response, since: str, rows: int) -> list[Shown]:
        """Return a page of what has changed, and point to what comes after it: more of it, or what changes from now
        on.
        """
        caller, now = req.context.caller, req.context.now
        req.context.asked_once = True
        place = self._changes.decode(since, caller.user_id) if since else None
        page = changes_page(caller.user_id, caller.today(now), place, rows=rows, now=now)
        self._link(req, resp, "next" if page.more else "since", since=self._changes.encode(page.end, caller.user_id))
        return page.sessions


class SessionItem:
    """One session."""

    @operation(
        "updateSession",
        "Change a session",
        answer=SessionUpdated,
        body=SessionUpdate,
        errors=(SessionNotFound, QuotaExceeded),
    )
    def on_patch(self, req: Request, resp: falcon.Response, session_id: UUID, body: SessionUpdate) -> bytes:
        """Tick a session off, move it, or change what it says."""
        session = service.update_session(req.context.caller, session_id, body, now=req.context.now)
        return rendered({"message": "session updated", "session": session})

    @operation("deleteSession", "Delete a session", status=204, query=DeletionQuery, errors=(SessionNotFound,))
    def on_delete(self, req: Request, resp: falcon.Response, query: DeletionQuery, session_id: UUID) -> None:
        """Delete a session; when it was completed, that no longer counts."""
        service.delete_session(req.context.caller, session_id, following=query.following, now=req.context.now)


class SessionMaterial:
    """What a session is taught with."""

    @operation("getSessionMaterial", "Show an example and questions", answer=MaterialView, errors=(SessionNotFound,))
    def on_get(self, req: Request, resp: falcon.Response, session_id: UUID) -> MaterialView:
        """Show a worked example and questions with answers for what the session is about, where there are any."""
        return material.session_material(req.context.caller, session_id)


class Habits:
    """How the student really studies."""

    @operation("getHabits", "Show how you study", answer=HabitsView)
    def on_get(self, req: Request, resp: falcon.Response) -> HabitsView:
        """Show when sessions start, how many are done and how long they take, from the last 56 days."""
        return habits.habits(req.context.caller, now=req.context.now)
