"""Writing down what a job made: its plan with the sessions, and its outcome, in one transaction behind the fence."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from schediora.ai.author import Authored
from schediora.ai.curriculum.frame import Frame, Slot
from schediora.ai.leases import Lease
from schediora.ai.model.usage import Usage
from schediora.ai.situation import Situation
from schediora.db.base import new_id
from schediora.models.ai import Job, JobStatus
from schediora.models.users import User
from schediora.planner.scheduler.problem import Piece, Placement, Reason, ReasonCode, Unplaced
from schediora.planner.service import NewSession, add_plan
from schediora.planner.suggestion_view import SuggestionView
from schediora.users.locking import lock_student


@dataclass(frozen=True, slots=True)
class Made:
    """A plan before it is stored: its frame and words, where the pieces went, its week, and sentences about it."""

    frame: Frame
    authored: Authored
    placed: Placement
    monday: date
    notes: tuple[str, ...]
    coverage: list[dict[str, Any]]
    degraded_reason: str | None = None
    usage: Usage | None = None


def nothing_of(made: Made, why: str) -> Made:
    """Return `made` with nothing of it placed, because of `why`."""
    reason = Reason(ReasonCode.EXAM_TOO_SOON, why)
    left = [Unplaced(index, made.authored.text(index).title, slot.minutes, reason) for index, slot in _slots(made)]
    needed = sum(slot.minutes for _, slot in _slots(made))
    return replace(made, placed=Placement((), tuple(left), needed_minutes=needed, available_minutes=0))


def _slots(made: Made) -> list[tuple[int, Slot]]:
    return list(enumerate(made.frame.slots))


def store(lease: Lease, situation: Situation, made: Made, *, now: datetime) -> bool | None:
    """Store plan, sessions and outcome together; return False when the lease was lost, None when the planner has
    changed since `situation` was read. Raises QuotaExceeded.
    """
    user_id = lease.job.user_id
    asked_for = lease.job.week_start if lease.job.week_start < made.monday else None
    with User.transaction() as transaction:
        user = lock_student(user_id)
        if user.planner_revision != situation.revision:
            return None
        plan = add_plan(
            user,
            title=made.authored.title,
            topic=lease.job.topic,
            language=situation.language,
            week_start=made.monday,
            asked_for=asked_for,
            pace_of_work=made.frame.pace,
            sessions=_sessions(made),
            now=now,
        )
        stored = (
            Job.update(
                status=JobStatus.COMPLETED,
                plan=plan.id,
                week_start=made.monday,
                asked_for=asked_for,
                source=made.authored.source,
                degraded_reason=made.degraded_reason,
                result=_outline(made),
                feasibility=feasibility(made.placed, made.notes),
                coverage=made.coverage,
                usage=asdict(made.usage) if made.usage else None,
                model_milliseconds=made.authored.milliseconds,
                stage=None,
                lease_token=None,
                lease_until=None,
                updated_at=now,
            )
            .where(lease.row)
            .execute()
        )
        if not stored:
            transaction.rollback()
        return bool(stored)


def _sessions(made: Made) -> list[NewSession]:
    ids = [new_id() for _ in made.placed.pieces]
    by_step: dict[int, list[UUID]] = {}
    for key, piece in zip(ids, made.placed.pieces, strict=True):
        by_step.setdefault(piece.step, []).append(key)
    return [_session(key, piece, made.frame.slots, by_step) for key, piece in zip(ids, made.placed.pieces, strict=True)]


def _session(key: UUID, piece: Piece, slots: Sequence[Slot], by_step: Mapping[int, Sequence[UUID]]) -> NewSession:
    slot = slots[piece.step]
    own = by_step[piece.step]
    # The part before is named too: replanning keeps to nothing but these.
    earlier = [session for step in slot.after for session in by_step.get(step, ())] + list(own[: own.index(key)])
    return NewSession(
        id=key,
        title=piece.title,
        topic=piece.topic,
        detail=piece.detail,
        kind=piece.kind,
        role=slot.role,
        units=tuple((unit.key, unit.title) for unit in slot.units),
        builds_on=(*slot.builds_on, *earlier),
        duration_minutes=piece.minutes,
        scheduled_at=piece.starts_at,
        scheduled_on=piece.day,
        reason={"code": piece.reason.code, "text": piece.reason.text},
    )


def _outline(made: Made) -> dict[str, Any]:
    texts = [made.authored.text(index) for index in range(len(made.frame.slots))]
    return {
        "title": made.authored.title,
        "summary": " ".join((made.authored.summary, *made.notes)),
        "steps": [{"title": text.title, "detail": text.detail} for text in texts],
    }


def feasibility(placed: Placement, notes: Sequence[str]) -> dict[str, Any]:
    """Return how the plan fitted into the week, as it is stored; `notes` are sentences about the plan as a whole."""
    return {
        "needed_minutes": placed.needed_minutes,
        "available_minutes": placed.available_minutes,
        "unplaced": [
            {"title": left.title, "minutes": left.minutes, "code": left.reason.code, "text": left.reason.text}
            for left in placed.unplaced
        ],
        "suggestion": placed.suggestion and SuggestionView.of(placed.suggestion).model_dump(mode="json"),
        "notes": list(notes),
    }
