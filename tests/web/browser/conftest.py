"""A real server and a real browser; whatever the page complains of fails the test."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.live import Service, started
from tests.prepared import PreparedService, prepared_service

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HOW = "the browser's tests need: pip install -c constraints.txt -e '.[test,e2e]', and Debian's chromium"
PASSWORD = "correct horse"
ZONE = "Asia/Tokyo"
"""The student's; the browser is in New York, so that a time in its zone is a wrong one."""
WATCH = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`refused by the policy: ${event.violatedDirective} ${event.blockedURI}`);
});
"""
LEFT_OUT = (
    # What is preloaded of the address bar for each new window takes longer than the page.
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    # Playwright's own list, which ours replaces.
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
)
"""What Chromium does without, by the names it has for it."""
_numbers = count(1)


@pytest.fixture(scope="package")
def browser() -> Iterator["Browser"]:
    """Debian's Chromium; closed after the last of these files, as its loop must not run below other tests."""
    playwright = pytest.importorskip("playwright.sync_api", reason=HOW)
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip(HOW)
    with playwright.sync_playwright() as running:
        leave_out = f"--disable-features={','.join(LEFT_OUT)}"
        found = running.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu", leave_out])
        yield found
        found.close()


@pytest.fixture(scope="package")
def server(browser: "Browser", tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """What `schediora serve` gives everybody, without limits by rate; who stops a server starts one of their own."""
    data_dir = tmp_path_factory.mktemp("web") / "data"
    with prepared_service(data_dir, "serve", SCHEDIORA_LIMITS__ENABLED="false") as running:
        yield running


@dataclass
class Learner:
    """A student with a web app open."""

    server: Service
    email: str
    token: str

    def call(self, method: str, path: str, json: Any = None) -> Any:
        answer = self.server.call(method, path, json, token=self.token)
        assert answer.status < 300, answer.body
        return answer.json if answer.body else None

    def add(self, title: str, at: str, **fields: Any) -> Any:
        """Make a plan with one session at an instant; return the session."""
        plan = {"title": title, "topic": "Biology", "duration_minutes": 60, "scheduled_at": at, **fields}
        made = self.call("POST", "/plans", plan)
        return next(one for one in self.call("GET", "/sessions?week=all") if one["plan_id"] == made["id"])

    def session(self, session_id: str) -> Any:
        return next(one for one in self.call("GET", "/sessions?week=all") if one["id"] == session_id)


@pytest.fixture
def learner(server: Service) -> Learner:
    """A student of Tokyo with preferences."""
    email = f"learner{next(_numbers)}@example.com"
    pair = server.call("POST", "/auth/register", {"email": email, "password": PASSWORD, "timezone": ZONE}).json
    made = Learner(server, email, pair["access_token"])
    made.call("PUT", "/users/preferences", {"goal": "Pass", "daily_hours": 2, "focus_topics": ["Biology", "Maths"]})
    return made


SHIFTED = """
const ahead = () => 1000 * Number(localStorage.getItem("test.ahead"));
globalThis.Date = class extends Date {
  constructor(...given) { if (given.length) super(...given); else super(Date.now()); }
  static now() { return super.now() + ahead(); }
};
"""


class LateService(PreparedService):
    """A server whose clock, and the pages' with it, is moved by the tests."""

    def __init__(self, data_dir: Path, *arguments: str, **variables: str) -> None:
        super().__init__(data_dir, *arguments, **variables)
        self.ahead = data_dir.with_name("ahead")
        self.seconds = 0
        self.move(0)

    def move(self, seconds: int, *pages: "Page") -> None:
        """Move on by so much; the pages are loaded anew, as those of a phone that comes out of a pocket may be."""
        self.seconds += seconds
        # Put there whole, as the server may be reading it.
        written = self.data_dir.with_name("ahead.new")
        written.write_text(str(self.seconds), encoding="ascii")
        written.replace(self.data_dir.with_name("ahead"))
        for page in pages:
            page.evaluate("ahead => localStorage.setItem('test.ahead', ahead)", str(self.seconds))
            page.reload()


@pytest.fixture
def late_server(browser: "Browser", tmp_path: Path) -> Iterator[LateService]:
    """A server of this test alone, which may be moved, killed and started again."""
    running = LateService(tmp_path / "data", "serve", SCHEDIORA_LIMITS__ENABLED="false")
    with started(running):
        yield running


@pytest.fixture
def newcomer(server: Service) -> Learner:
    """A student of Tokyo who has told nothing yet."""
    email = f"newcomer{next(_numbers)}@example.com"
    pair = server.call("POST", "/auth/register", {"email": email, "password": PASSWORD, "timezone": ZONE}).json
    return Learner(server, email, pair["access_token"])


Open = Callable[..., "Page"]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
DESKTOP = {"viewport": {"width": 1280, "height": 800}}


@pytest.fixture
def open_page(browser: "Browser", server: Service) -> Iterator[Open]:
    """Open the app in a browser of its own, in New York; at the end nothing may have gone wrong in it.

    `refusals` are the statuses that the test provokes, and `offline` says that it takes the network away: the browser
    writes each to its console.
    """
    opened: list[tuple[Any, list[str]]] = []

    def open_it(
        *, at: Service = server, refusals: tuple[int, ...] = (), offline: bool = False, **options: Any
    ) -> "Page":
        context = browser.new_context(**{"timezone_id": "America/New_York", **DESKTOP, **options})
        context.add_init_script(WATCH)
        origin = at.url.removesuffix("/api/v1")
        if isinstance(at, LateService):
            context.add_init_script(SHIFTED)
        wrong: list[str] = []
        expected = [f"the server responded with a status of {status}" for status in refusals]
        expected += ["Failed to load resource: net::", "Fetch API cannot load"] if offline else []
        # Of the whole browser, so that a second tab is watched as well.
        context.on("weberror", lambda error: wrong.append(str(error.error)))
        context.on(
            "console",
            lambda said: (
                wrong.append(said.text)
                if said.type in ("error", "warning") and not any(one in said.text for one in expected)
                else None
            ),
        )
        context.on("request", lambda sent: wrong.append(sent.url) if not sent.url.startswith(origin) else None)
        opened.append((context, wrong))
        page = context.new_page()
        page.goto(origin + "/")
        return page

    yield open_it
    found = [line for context, wrong in opened for line in wrong]
    for context, _ in opened:
        context.close()
    assert found == []


@pytest.fixture
def open_week(open_page: Open, learner: Learner) -> Open:
    """Open the app as the learner, signed in."""

    def open_it(**options: Any) -> "Page":
        page = open_page(**options)
        page.get_by_label("E-mail address").fill(learner.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.locator("section.week").wait_for()
        return page

    return open_it
