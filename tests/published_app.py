"""The published mobile app as a client: what it sends, what it reads, and what its student gets to see.

It is an old client that nobody will update, so it does here what it does there, and no more: it sends only the fields
that it knows, takes any 2xx for success, shows an error's `detail` and reads nothing else of it, and signs its student
out when it cannot refresh. What would break its screens (two bars of one label, an empty pie) is asserted as it reads.
"""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Protocol

from schediora.errors import Code

REQUEST_SECONDS = 12.0
JOB_POLLS = 45
JOB_POLL_SECONDS = 2.0
"""How long the app waits for an answer, how often it asks for a job, and how long it waits between."""

LONGEST_MESSAGE = 200
NO_ANSWER = "The app has its own words for a server that does not answer."

_SENTENCE = re.compile(r"[A-Z][^_{}\[\]<>\\\n]*[.!?]")
_JARGON = re.compile(
    r"\b(?:null|none|nan|nul|json|uuid|http|utf-?8|str|int|dict|traceback|exception|token|\w+error)\b", re.IGNORECASE
)

Json = dict[str, Any]


class Answer(Protocol):
    """What came back."""

    @property
    def status(self) -> int: ...

    @property
    def json(self) -> Any: ...


Send = Callable[[str, str, Json | None, dict[str, str]], Answer]
"""Sends method, path below the prefix, fields and headers; raises OSError when no answer comes within 12 s."""


class Refused(Exception):
    """An answer other than 2xx, or none; carries the message that the student would see."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass
class Home:
    """What the three polls of the home screen brought."""

    summary: Json
    sessions: list[Json]
    generated: bool


@dataclass
class App:
    """The app on one phone. Actions return what the next screen reads; `shown` lists every message, in order."""

    send: Send
    pause: Callable[[float], None]
    access_token: str = ""
    refresh_token: str = ""
    sessions: list[Json] = field(default_factory=list)
    """This week's sessions when they were last polled: what the app decides by."""
    shown: list[str] = field(default_factory=list)

    @property
    def signed_in(self) -> bool:
        return bool(self.access_token)

    @property
    def offers_generation(self) -> bool:
        return not self.sessions

    def register(self, email: str, password: str) -> None:
        self._keep(self._shown("POST", "/auth/register", {"email": email, "password": password}))

    def login(self, email: str, password: str) -> None:
        self._keep(self._shown("POST", "/auth/login", {"email": email, "password": password}))

    def start(self) -> None:
        """Open the app anew: look who is signed in, refresh once after any failure, sign out when that fails, too."""
        try:
            self._me()
        except Refused:
            try:
                self._keep(self._call("POST", "/auth/refresh", {"refresh_token": self.refresh_token}))
                self._me()
            except Refused:
                self._forget()

    def logout(self) -> None:
        """Sign out, whatever the server says to it."""
        try:
            self._call("POST", "/auth/logout", {"refresh_token": self.refresh_token})
        finally:
            self._forget()

    def onboard(self, goal: str, daily_hours: float, focus_topics: list[str]) -> None:
        wish = {"goal": goal, "daily_hours": daily_hours, "focus_topics": focus_topics}
        self._shown("PUT", "/users/preferences", wish)

    def poll(self) -> Home:
        """Look at home as every 15 s: three requests at once."""
        with ThreadPoolExecutor(3) as together:
            summary = together.submit(self.dashboard)
            sessions = together.submit(self._week)
            weekly = together.submit(self._shown, "GET", "/ai/plans/status/weekly")
        self.sessions = sessions.result()
        generated = weekly.result()["has_generated_this_week"]
        assert isinstance(generated, bool)
        return Home(summary.result(), self.sessions, generated)

    def dashboard(self, days: str | None = None) -> Json:
        """Read the summary; home asks for no range, the progress screen for `7d` or `30d`."""
        summary = self._shown("GET", "/dashboard/summary" + (f"?range={days}" if days else ""))
        progress, trend, subjects = (
            summary[name] for name in ("weekly_progress", "focus_minutes_trend", "subject_distribution")
        )
        if days != "30d":
            assert len(progress) == len(trend) == 7, "the week's chart has a place for each day"
        assert all(type(value) is int for value in progress)
        labels = [point["label"] for point in trend]
        assert len(set(labels)) == len(labels), f"two bars of one label: {labels}"
        names = [share["subject"] for share in subjects]
        assert len(set(names)) == len(names), f"two slices of one subject: {names}"
        assert names, "the pie takes its first entry"
        assert all(type(entry["minutes"]) is int for entry in (*trend, *subjects))
        assert 0 <= summary["today_completed"] <= summary["today_total"]
        assert summary["streak_days"] >= 0
        return dict(summary)

    def plans(self) -> list[Json]:
        found = self._shown("GET", "/plans")
        assert all({"id", "title", "topic", "duration_minutes", "status"} <= plan.keys() for plan in found)
        return list(found)

    def add(self, title: str, topic: str, minutes: int) -> Json:
        """Save the form: onto this week's plan as soon as home shows a session that has one, else as a new plan."""
        path = "/plans/current/sessions" if any(session["plan_id"] for session in self.sessions) else "/plans"
        added = self._shown("POST", path, {"title": title, "topic": topic, "duration_minutes": minutes})
        assert {"id", "title", "topic", "duration_minutes", "status"} <= added.keys()
        return dict(added)

    def tick(self, session: Json, status: str = "done") -> None:
        self._shown("PATCH", f"/sessions/{session['id']}", {"status": status})

    def generate(self, goal: str, topic: str) -> Json | None:
        """Ask for a plan and wait for it as long as the app does: the job, or None when the app has given up."""
        job = self._shown("POST", "/ai/plans/generate", {"goal": goal, "topic": topic})
        for _ in range(JOB_POLLS):
            self.pause(JOB_POLL_SECONDS)
            job = self._shown("GET", f"/ai/jobs/{job['job_id']}")
            assert job["status"] in {"queued", "running", "completed", "failed"}
            if job["status"] in {"completed", "failed"}:
                return dict(job)
        return None

    def _me(self) -> None:
        assert self._call("GET", "/users/me")["email"]

    def _week(self) -> list[Json]:
        found = self._shown("GET", "/sessions?week=current")
        read = {"id", "plan_id", "title", "topic", "duration_minutes", "status", "scheduled_at"}
        assert all(read <= session.keys() for session in found)
        return list(found)

    def _keep(self, pair: Json) -> None:
        assert pair["token_type"] == "bearer"
        self.access_token, self.refresh_token = pair["access_token"], pair["refresh_token"]

    def _forget(self) -> None:
        self.access_token = self.refresh_token = ""
        self.sessions = []

    def _shown(self, method: str, path: str, fields: Json | None = None) -> Any:
        """Call for a screen: what is refused is shown."""
        try:
            return self._call(method, path, fields)
        except Refused as refused:
            self.shown.append(refused.message)
            raise

    def _call(self, method: str, path: str, fields: Json | None = None) -> Any:
        """Return what a 2xx says. A GET, too, says that it carries JSON, and carries nothing."""
        headers = {"Content-Type": "application/json"}
        if self.access_token:
            headers["Authorization"] = f"Bearer {self.access_token}"
        try:
            answer = self.send(method, path, fields, headers)
        except OSError:
            raise Refused(NO_ANSWER) from None
        if not 200 <= answer.status < 300:
            detail = answer.json["detail"]
            assert_readable(detail)
            raise Refused(detail)
        return answer.json


def assert_readable(message: object) -> None:
    """Assert that a student can read `message`: a sentence, short enough for its box, in nobody's jargon."""
    assert isinstance(message, str)
    assert len(message) <= LONGEST_MESSAGE, message
    assert _SENTENCE.fullmatch(message), message
    assert not _JARGON.search(message), message
    assert not any(code in message for code in Code if "_" in code), message
