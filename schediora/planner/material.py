"""What a session's unit is taught with, where it is one of ours."""

from uuid import UUID

from schediora.http.caller import Caller
from schediora.models.planner import Plan, Session
from schediora.planner.errors import SessionNotFound
from schediora.planner.plan_language import unsaid_language
from schediora.planner.schemas import MaterialView, QuestionView
from schediora.subjects.catalog import Material, unit_of
from schediora.users.queries import preferences_of


def session_material(caller: Caller, session_id: UUID) -> MaterialView:
    """Show what the first unit of ours that the session is about is taught with, in its plan's language.

    There is nothing where no unit is ours, and where that language has no material. Raises SessionNotFound for a
    session that is not the caller's.
    """
    found = (Session.id == session_id) & (Session.user == caller.user_id)
    session = Session.select(Session, Plan).join(Plan).where(found).first()
    if session is None:
        raise SessionNotFound()
    language = session.plan.language or unsaid_language(
        caller, session.topic, session.plan.title, preferences_of(caller.user_id)
    )
    material = next(filter(None, (_material(unit["key"], language) for unit in session.units or ())), None)
    if material is None:
        return MaterialView(example=None, questions=[])
    return MaterialView(
        example=f"{material.example}\n\n{material.solution}",
        questions=[QuestionView(question=each.question, answer=each.answer) for each in material.questions],
    )


def _material(key: str, language: str) -> Material | None:
    unit = unit_of(key)
    return unit.material(language) if unit and language in unit.languages else None
