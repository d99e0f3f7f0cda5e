"""In which language something is said about a student's sessions: their plan's, else the one that they study in."""

from collections.abc import Sequence

from schediora.http.caller import Caller
from schediora.languages.language import FALLBACK
from schediora.models.planner import Plan
from schediora.planner.session_view import SessionView
from schediora.subjects.language import plan_language
from schediora.users.queries import StudyPreferences


def language_of_sessions(caller: Caller, sessions: Sequence[SessionView], preferences: StudyPreferences) -> str:
    """Return the language of the first of the sessions' plans that says it, in the sessions' order."""
    if not sessions:
        return FALLBACK
    plans = {session.plan_id for session in sessions}
    of_plans = (Plan.user == caller.user_id) & Plan.id.in_(plans) & Plan.language.is_null(False)
    said = {plan.id: plan.language for plan in Plan.select(Plan.id, Plan.language).where(of_plans)}
    first = next((said[session.plan_id] for session in sessions if session.plan_id in said), None)
    return first or unsaid_language(caller, sessions[0].topic, sessions[0].title, preferences)


def unsaid_language(caller: Caller, topic: str, words: str, preferences: StudyPreferences) -> str:
    """Return the language of a plan that does not say it: one made by hand, or from before plans knew theirs.

    `words` are further words of it, such as its title.
    """
    return plan_language(topic, words, chosen=preferences.language, zone=caller.zone.key, last=None)
