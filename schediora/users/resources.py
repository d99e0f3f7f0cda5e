"""The user calls."""

import falcon

from schediora.http.operation import Request, operation
from schediora.http.wire import rendered
from schediora.users.queries import me
from schediora.users.schemas import MeView, PreferencesSaved, PreferencesUpdate
from schediora.users.service import Follow, Redate, set_preferences


class Me:
    """The student who is signed in."""

    def __init__(self, *, confirms: bool) -> None:
        """Say whose address is not confirmed, where the server `confirms` addresses."""
        self._confirms = confirms

    @operation("getMe", "Show who is signed in", answer=MeView, kept=True, insists=True)
    def on_get(self, req: Request, resp: falcon.Response) -> bytes:
        """Answer the student's address, time zone and preferences."""
        return rendered(me(req.context.caller, confirms=self._confirms))


class PreferencesResource:
    """How the student wants to study."""

    def __init__(self, redate: Redate, follow: Follow) -> None:
        self._redate = redate
        self._follow = follow

    @operation("setPreferences", "Set the preferences", answer=PreferencesSaved, body=PreferencesUpdate)
    def on_put(self, req: Request, resp: falcon.Response, body: PreferencesUpdate) -> PreferencesSaved:
        """Store the preferences; optional fields that are left out keep their value."""
        view = set_preferences(req.context.caller, body, self._redate, self._follow, now=req.context.now)
        return PreferencesSaved(message="preferences updated", preferences=view)
