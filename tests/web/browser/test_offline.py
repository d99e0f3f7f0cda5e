"""Without the server the app opens, shows what it had, and keeps what the student does until it can be sent."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tests.web.browser.conftest import PASSWORD, ZONE, Learner, Open
from tests.web.browser.test_week import at, entry
from tests.web.browser.waiting import wait_until

if TYPE_CHECKING:
    from playwright.sync_api import Page, Request

BACK_MS = 15_000
"""Within this the app has found by itself that the server is back."""


def ready(page: "Page") -> None:
    """Wait until the service worker has the page."""
    wait_until(page, "navigator.serviceWorker.controller !== null")


def changes(page: "Page") -> list[Any]:
    """Collect the bodies of the changes that are sent from now on."""
    sent: list[Any] = []

    def note(request: "Request") -> None:
        if request.method == "PATCH":
            sent.append(request.post_data_json)

    page.context.on("request", note)
    return sent


def today() -> str:
    return datetime.now(ZoneInfo(ZONE)).date().isoformat()


def to_board(page: "Page") -> None:
    page.get_by_role("link", name="Board").click()
    page.locator(".board").wait_for()


def sign_in(page: "Page", email: str) -> None:
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.locator("section.week").wait_for()


def test_the_page_opens_offline_with_the_week_and_the_board_and_says_how_old_they_are(
    learner: Learner, open_week: Open
) -> None:
    session = learner.add("Cells", at(2, 16))
    page = open_week(offline=True)
    entry(page, session).wait_for()
    ready(page)
    page.context.set_offline(True)
    page.reload()
    entry(page, session).wait_for()
    page.get_by_text("Offline. Showing what was loaded at").wait_for()
    to_board(page)
    page.get_by_role("button", name="Start Cells").wait_for()
    page.goto(page.url.split("#")[0] + "#/week/2031-01-06")
    page.get_by_text("This week has not been loaded on this device.").wait_for()
    page.context.set_offline(False)
    page.get_by_text("Nothing is planned in this week.").wait_for(timeout=BACK_MS)
    page.locator(".offline").wait_for(state="hidden")


def test_what_is_ticked_off_begun_and_moved_offline_waits_across_a_reload_and_is_sent_once(
    learner: Learner, open_week: Open
) -> None:
    sessions = [learner.add(title, at(2, 14 + n)) for n, title in enumerate(("Cells", "Genes", "Plants"))]
    page = open_week(offline=True)
    entry(page, sessions[0]).wait_for()
    ready(page)
    sent = changes(page)
    page.context.set_offline(True)
    to_board(page)
    page.get_by_role("button", name="Start Cells").click()
    page.get_by_role("button", name="Done Cells").click()
    page.get_by_role("button", name="Start Genes").click()
    page.get_by_text("2 changes wait to be sent.").wait_for()
    page.get_by_role("link", name="Week").click()
    entry(page, sessions[2]).get_by_role("button").focus()
    for key in ("Space", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    page.get_by_text("3 changes wait to be sent.").wait_for()
    page.reload()
    page.get_by_text("3 changes wait to be sent.").wait_for()
    assert "done" in (entry(page, sessions[0]).get_attribute("class") or "")
    sent.clear()
    page.context.set_offline(False)
    page.get_by_text("3 changes that waited were sent.").first.wait_for(timeout=BACK_MS)
    page.locator(".unsent button").wait_for(state="detached")
    assert sent == [
        {"status": "done", "completed_on": today()},
        {"status": "in_progress"},
        {"scheduled_at": at(3, 16).replace("Z", ".000Z"), "pinned": True},
    ]
    now = [learner.session(one["id"]) for one in sessions]
    assert [one["status"] for one in now] == ["done", "in_progress", "pending"]
    assert (now[2]["scheduled_at"], now[2]["pinned"]) == (at(3, 16), True)


def test_a_tick_that_is_taken_back_before_it_was_sent_leaves_nothing_to_send(learner: Learner, open_week: Open) -> None:
    session = learner.add("Cells", at(2, 16))
    page = open_week(offline=True)
    to_board(page)
    page.context.set_offline(True)
    page.get_by_role("link", name="Week").click()
    page.get_by_text("Offline.").wait_for()
    entry(page, session).get_by_role("button").click()
    page.get_by_role("button", name="Done", exact=True).click()
    page.get_by_role("button", name="Tick off").click()
    page.get_by_text("1 change waits to be sent.").wait_for()
    entry(page, session).get_by_role("button").click()
    page.get_by_role("dialog").get_by_text("not sent yet").wait_for()
    page.get_by_role("button", name="Not done after all").click()
    page.locator(".unsent button").wait_for(state="detached")


def test_what_the_server_refuses_is_said_and_can_be_dismissed(learner: Learner, open_week: Open) -> None:
    session = learner.add("Cells", at(2, 16))
    page = open_week(offline=True, refusals=(404,))
    to_board(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="Start Cells").click()
    page.get_by_text("1 change waits to be sent.").wait_for()
    learner.call("DELETE", f"/sessions/{session['id']}")
    sent = changes(page)
    page.context.set_offline(False)
    page.get_by_text("1 change needs a word from you.").wait_for(timeout=BACK_MS)
    page.get_by_role("button", name="Show").click()
    page.get_by_role("dialog").get_by_text("Not taken:").wait_for()
    page.get_by_role("dialog").get_by_role("button", name="Dismiss Cells").click()
    page.get_by_role("dialog").wait_for(state="detached")
    assert len(sent) == 1


def test_a_tick_that_is_too_old_for_its_day_is_shown_and_sent_as_the_student_says(
    learner: Learner, open_week: Open
) -> None:
    session = learner.add("Cells", at(2, 16))
    page = open_week(offline=True)
    to_board(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="Start Cells").click()
    page.get_by_role("button", name="Done Cells").click()
    page.get_by_text("1 change waits to be sent.").wait_for()
    page.clock.set_fixed_time(datetime.now(UTC) + timedelta(days=9))
    page.context.set_offline(False)
    page.reload()
    page.get_by_text("1 change needs a word from you.").wait_for()
    page.get_by_role("button", name="Show").click()
    page.get_by_text("Ticked off more than 7 days ago").wait_for()
    assert learner.session(session["id"])["status"] == "pending"
    page.get_by_role("button", name="Count it for today").click()
    page.get_by_role("dialog").wait_for(state="detached")
    done = learner.session(session["id"])
    assert (done["status"], done["completed_on"]) == ("done", today())


def test_a_server_that_has_no_time_is_asked_again(learner: Learner, open_week: Open) -> None:
    session = learner.add("Cells", at(2, 16))
    page = open_week(refusals=(503,))
    to_board(page)
    busy = {"title": "Busy", "status": 503, "detail": "Busy.", "code": "overloaded"}
    page.route("**/sessions/*", lambda route: route.fulfill(status=503, json=busy, headers={"Retry-After": "1"}))
    page.get_by_role("button", name="Start Cells").click()
    page.get_by_text("1 change waits to be sent.").wait_for()
    assert learner.session(session["id"])["status"] == "pending"
    page.unroute("**/sessions/*")
    page.locator(".unsent button").wait_for(state="detached", timeout=BACK_MS)
    assert learner.session(session["id"])["status"] == "in_progress"


def test_signing_out_asks_about_what_was_not_sent_and_then_leaves_nothing(learner: Learner, open_week: Open) -> None:
    session = learner.add("Cells", at(2, 16))
    page = open_week(offline=True)
    to_board(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="Start Cells").click()
    page.get_by_text("1 change waits to be sent.").wait_for()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Stay signed in").click()
    page.get_by_text("1 change waits to be sent.").wait_for()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign out and lose it").click()
    page.get_by_role("heading", name="Sign in").wait_for()
    rows = """async () => {
      const database = await new Promise((done) => {
        indexedDB.open("schediora").onsuccess = ({ target }) => done(target.result);
      });
      const all = [...database.objectStoreNames].map((name) => new Promise((done) => {
        database.transaction(name).objectStore(name).count().onsuccess = ({ target }) => done(target.result);
      }));
      return Promise.all(all);
    }"""
    page.wait_for_timeout(200)
    assert page.evaluate(rows) == [0, 0, 0]
    page.context.set_offline(False)
    sign_in(page, learner.email)
    assert learner.session(session["id"])["status"] == "pending"


def test_another_account_on_the_device_neither_sees_nor_sends_what_waits_of_the_first(
    learner: Learner, open_week: Open
) -> None:
    session = learner.add("Cells", at(2, 16))
    other = f"other-{learner.email}"
    pair = learner.server.call("POST", "/auth/register", {"email": other, "password": PASSWORD, "timezone": ZONE}).json
    told = {"goal": "Pass", "daily_hours": 2, "focus_topics": ["Physics"]}
    Learner(learner.server, other, pair["access_token"]).call("PUT", "/users/preferences", told)
    page = open_week(offline=True, refusals=(401,))
    to_board(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="Start Cells").click()
    page.get_by_text("1 change waits to be sent.").wait_for()
    held = page.evaluate("JSON.parse(localStorage.getItem('schediora.tokens')).refresh_token")
    learner.call("POST", "/auth/logout", {"refresh_token": held})
    page.context.set_offline(False)
    page.get_by_text("1 change is kept on this device").wait_for(timeout=BACK_MS)
    sent = changes(page)
    sign_in(page, other)
    page.reload()
    page.get_by_text("Nothing is planned this week yet.").wait_for()
    assert page.locator(".unsent button").count() == 0
    assert page.get_by_text("Cells").count() == 0
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="Sign in").wait_for()
    assert sent == []
    sign_in(page, learner.email)
    page.get_by_text("1 change that waited was sent.").first.wait_for(timeout=BACK_MS)
    assert learner.session(session["id"])["status"] == "in_progress"
    assert sent == [{"status": "in_progress"}]
