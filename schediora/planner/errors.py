"""What the planner refuses, in the student's words."""

from schediora.errors import Code, Conflict, Gone, NotFound


class NoCurrentPlan(NotFound):
    """You have no plan for this week yet. Make one first."""

    code = Code.NO_CURRENT_PLAN


class SessionNotFound(NotFound):
    """There is no such session. It may have been deleted."""


class PlanNotFound(NotFound):
    """There is no such plan. It may have been deleted."""


class QuotaExceeded(Conflict):
    """There is no room for more. Delete something that you no longer need."""

    code = Code.QUOTA_EXCEEDED


class PlanChanged(Conflict):
    """Your plan has changed in the meantime. Please look at it again."""

    code = Code.PLAN_CHANGED


class ResyncNeeded(Gone):
    """What has changed since cannot be told any more. Please fetch everything anew, with an empty since."""

    code = Code.RESYNC_NEEDED


class NothingToUndo(PlanChanged):
    """There is no new arrangement of your sessions that could be undone."""
