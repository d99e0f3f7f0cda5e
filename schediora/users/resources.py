"""The user calls."""

import falcon

from schediora.http.operation import Request, operation
from schediora.users.queries import me
from schediora.users.schemas import MeView, PreferencesSaved, PreferencesUpdate
from schediora.users.service import set_preferences


class Me:
    """The student who is signed in."""

    def __init__(self, default_timezone: str) -> None:
        self._default_timezone = default_timezone

    @operation("getMe", "Show who is signed in", answer=MeView)
    def on_get(self, req: Request, resp: falcon.Response) -> MeView:
        """Answer the student's address, time zone and preferences."""
        return me(req.context.caller.user_id, self._default_timezone)


class PreferencesResource:
    """How the student wants to study."""

    def __init__(self, default_timezone: str) -> None:
        self._default_timezone = default_timezone

    @operation("setPreferences", "Set the preferences", answer=PreferencesSaved, body=PreferencesUpdate)
    def on_put(self, req: Request, resp: falcon.Response, body: PreferencesUpdate) -> PreferencesSaved:
        """Store the preferences; optional fields that are left out keep their value."""
        view = set_preferences(req.context.caller, body, now=req.context.now, default_timezone=self._default_timezone)
        return PreferencesSaved(message="preferences updated", preferences=view)
