"""The app is one that Chromium installs, starts on a network that answers nothing, and keeps nothing of the API."""

import signal

from tests.web.browser.conftest import LateService, Learner, Open
from tests.web.browser.test_mishaps import student_of
from tests.web.browser.test_offline import ready
from tests.web.browser.test_week import at, entry
from tests.web.browser.walk import sign_in

START_MS = 15_000
"""Twice the patience of 3 s, once for the page and once for the week, and the rest."""


def test_chromium_finds_nothing_that_forbids_installing_it(learner: Learner, open_week: Open) -> None:
    page = open_week()
    ready(page)
    chromium = page.context.new_cdp_session(page)
    assert chromium.send("Page.getAppManifest")["errors"] == []
    found = {error["errorId"] for error in chromium.send("Page.getInstallabilityErrors")["installabilityErrors"]}
    # Playwright's windows are private ones, which install nothing.
    assert found <= {"in-incognito"}


def test_what_the_browser_keeps_is_the_app_and_nothing_of_the_api(learner: Learner, open_week: Open) -> None:
    page = open_week()
    ready(page)
    page.get_by_role("link", name="Board").click()
    page.locator(".board").wait_for()
    page.reload()
    page.locator(".board").wait_for()
    kept = page.evaluate(
        """async () => {
          const all = [];
          for (const name of await caches.keys()) all.push(...(await (await caches.open(name)).keys()));
          return all.map(({ url }) => new URL(url).pathname);
        }"""
    )
    assert {"/", "/app.js", "/week/week.js", "/i18n/id.json"} <= set(kept)
    assert [path for path in kept if path.startswith(("/api/v1", "/calendar/", "/docs"))] == []


def test_the_app_starts_with_what_it_has_where_the_network_answers_nothing(
    late_server: LateService, open_page: Open
) -> None:
    student = student_of(late_server, "stalled")
    session = student.add("Cells", at(2, 16))
    page = open_page(at=late_server, offline=True)
    sign_in(page, student)
    entry(page, session).wait_for()
    ready(page)
    assert late_server.process is not None
    late_server.process.send_signal(signal.SIGSTOP)
    try:
        page.reload(wait_until="commit")
        entry(page, session).wait_for(timeout=START_MS)
    finally:
        late_server.process.send_signal(signal.SIGCONT)
