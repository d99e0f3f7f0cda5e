"""The account: another password, where one is signed in, and leaving."""

import json
from typing import TYPE_CHECKING, Any

from tests.web.browser.accessibility import faults
from tests.web.browser.conftest import PASSWORD, Learner, Open
from tests.web.browser.test_settings import card
from tests.web.browser.test_tabs import second_tab
from tests.web.browser.test_week import at
from tests.web.browser.walk import sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

NEXT_PASSWORD = "a better horse"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0"
PHONE_APP = "Dart/3.5 (dart:io)"
KEPT = """async () => {
  const open = (asked) => new Promise((done) => { asked.onsuccess = () => done(asked.result); });
  const database = await open(indexedDB.open("schediora"));
  const rows = [];
  for (const shelf of database.objectStoreNames) {
    rows.push(...await open(database.transaction(shelf).objectStore(shelf).getAllKeys()));
  }
  database.close();
  return { rows, names: Object.keys(localStorage), visit: Object.keys(sessionStorage) };
}"""
"""What a page can keep of a student."""
CACHED = """async (token) => {
  const asked = { cache: "only-if-cached", mode: "same-origin", headers: { Authorization: `Bearer ${token}` } };
  return (await fetch("./api/v1/users/me", asked).catch(() => null))?.status ?? 0;
}"""
"""Whether the browser has kept an answer by itself: 200, else 0 or 504."""
HELD = "JSON.parse(localStorage.getItem('schediora.tokens')).access_token"


def account(page: "Page") -> "Page":
    """Go there, by way of the settings."""
    # The screen of the account itself has another link there.
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Settings").click()
    page.get_by_role("link", name="Password, devices, my data").click()
    page.locator(".devices li").first.wait_for()
    return page


def at_field(part: "Locator", label: str) -> str:
    """What stands against what was entered there; it has the focus."""
    field = part.get_by_label(label)
    part.locator(".fault").wait_for()
    assert field.evaluate("one => one === document.activeElement && one.getAttribute('aria-invalid') === 'true'")
    return part.locator(".fault").inner_text()


def knock(learner: Learner, password: str, client: str = "Python") -> int:
    """Try to sign in as a device that calls itself so."""
    body = {"email": learner.email, "password": password}
    return learner.server.call("POST", "/auth/login", body, headers={"User-Agent": client}).status


def test_another_password_ends_every_other_sign_in_and_no_tab_of_this_browser(
    learner: Learner, open_week: Open
) -> None:
    session = learner.add("Cells", at(2, 16))
    page = account(open_week(refusals=(401, 403, 422)))
    other = second_tab(page, "#/week")
    part = card(page, "Password")
    part.get_by_label("Old password").fill("wrong horse")
    part.get_by_label("New password").fill(NEXT_PASSWORD)
    assert part.get_by_label("New password").get_attribute("type") == "password"
    part.get_by_role("button", name="Show New password").click()
    assert part.get_by_label("New password").get_attribute("type") == "text"
    part.get_by_role("button", name="Change my password").click()
    assert at_field(part, "Old password") == "The password is wrong. Please try again."
    part.get_by_label("Old password").fill(PASSWORD)
    part.get_by_label("New password").fill("password123")
    part.get_by_role("button", name="Change my password").click()
    assert at_field(part, "New password").startswith("This password is one of the first that others would try.")
    assert faults(page) == []
    part.get_by_label("New password").fill(NEXT_PASSWORD)
    part.get_by_label("New password").press("Enter")
    page.locator(".toast").get_by_text("Your new password holds.").wait_for()
    assert part.get_by_label("Old password").input_value() == ""
    other.get_by_role("link", name="Board").click()
    with other.expect_response("**/sessions/*") as ticked:
        other.get_by_role("button", name="Start Cells").click()
    assert ticked.value.ok
    assert session["id"] in ticked.value.url
    assert learner.server.call("GET", "/users/me", token=learner.token).status == 401
    assert (knock(learner, PASSWORD), knock(learner, NEXT_PASSWORD)) == (401, 200)


def test_devices_are_told_by_name_and_signed_out_one_by_one_or_all_at_once(learner: Learner, open_week: Open) -> None:
    for client in (FIREFOX, PHONE_APP, "?"):
        assert knock(learner, PASSWORD, client) == 200
    page = account(open_week())
    part = card(page, "Where I am signed in")
    rows = part.get_by_role("listitem")
    shown = rows.all_inner_texts()
    assert "This device" in shown[0]
    assert sorted(one.partition("\n")[0] for one in shown[1:]) == [
        "Firefox on Linux",
        "Python-urllib",
        "Schediora app",
        "Unknown device",
    ]
    assert all("Last used today at" in one for one in shown[1:])
    part.get_by_role("button", name="Sign out Firefox on Linux").click()
    page.locator(".toast").get_by_text("Signed out: Firefox on Linux.").wait_for()
    part.get_by_text("Firefox on Linux").wait_for(state="detached")
    part.get_by_role("button", name="Sign out everywhere else").click()
    assert rows.count() == 4
    part.get_by_role("button", name="Sign them out now").click()
    part.get_by_role("button", name="Sign out everywhere else").wait_for(state="detached")
    assert rows.count() == 1
    assert learner.server.call("GET", "/users/me", token=learner.token).status == 401


def test_everything_is_downloaded_as_the_file_that_the_api_answers(learner: Learner, open_week: Open) -> None:
    session = learner.add("Cells", at(2, 16))
    page = account(open_week())
    part = card(page, "My data")
    with page.expect_download() as saved:
        part.get_by_role("button", name="Download my data").click()
    page.locator(".toast").get_by_text(f"Downloaded: {saved.value.suggested_filename}").wait_for()
    exported = json.loads(saved.value.path().read_text(encoding="utf-8"))
    exported.pop("exported_at", None)
    again = learner.call("GET", "/users/me/export")
    again.pop("exported_at", None)
    assert exported == again
    assert session["id"] in json.dumps(exported)


def test_who_deletes_the_account_leaves_nothing_behind_on_this_device(learner: Learner, open_week: Open) -> None:
    learner.add("Cells", at(2, 16))
    page = open_week(refusals=(401, 403, 504), offline=True)
    other = second_tab(page, "#/week")
    assert page.evaluate(KEPT)["rows"]
    held = page.evaluate(HELD)
    assert page.evaluate(CACHED, held) == 200
    page = account(page)
    part = card(page, "Delete my account")
    part.get_by_text("backups last").wait_for()
    part.get_by_role("button", name="Delete my account").click()
    part.get_by_label("Password").fill("wrong horse")
    part.get_by_role("button", name="Delete everything now").click()
    assert at_field(part, "Password") == "The password is wrong. Please try again."
    assert faults(page) == []
    part.get_by_label("Password").fill(PASSWORD)
    part.get_by_role("button", name="Delete everything now").click()
    page.locator(".toast").get_by_text("Your account is deleted.").wait_for()
    for tab in (page, other):
        tab.get_by_role("heading", name="Sign in").wait_for()
        assert tab.get_by_text("You were signed out").count() == 0
    assert page.evaluate(KEPT) == {"rows": [], "names": [], "visit": []}
    assert page.evaluate(CACHED, held) != 200
    assert knock(learner, PASSWORD) == 401


def test_a_deletion_whose_answer_is_lost_is_told_and_leaves_nothing_either(learner: Learner, open_week: Open) -> None:
    page = account(open_week(refusals=(401,), offline=True))

    def lose(route: Any) -> None:
        route.fetch()
        route.abort()

    page.route("**/users/me/delete", lose)
    part = card(page, "Delete my account")
    part.get_by_role("button", name="Delete my account").click()
    part.get_by_label("Password").fill(PASSWORD)
    part.get_by_role("button", name="Delete everything now").click()
    page.get_by_role("heading", name="Sign in").wait_for()
    page.locator(".toast").get_by_text("Your account is deleted.").wait_for()
    assert page.evaluate(KEPT)["rows"] == []


def test_a_sign_in_that_is_ended_elsewhere_shows_the_door_and_says_so_in_every_tab(
    learner: Learner, open_week: Open
) -> None:
    page = open_week(refusals=(401,))
    other = second_tab(page, "#/week")
    learner.call("DELETE", "/auth/sessions")
    page.get_by_role("link", name="Progress").click()
    for tab in (page, other):
        tab.get_by_text("You were signed out. Sign in again to go on.").wait_for()
    other.reload()
    other.get_by_text("You were signed out. Sign in again to go on.").wait_for()
    sign_in(other, learner)
    page.locator("section.week, .facts").first.wait_for()


def test_without_the_network_the_account_says_so_and_keeps_nothing_to_send(learner: Learner, open_week: Open) -> None:
    page = account(open_week(offline=True))
    page.context.set_offline(True)
    part = card(page, "Password")
    part.get_by_label("Old password").fill(PASSWORD)
    part.get_by_label("New password").fill(NEXT_PASSWORD)
    part.get_by_role("button", name="Change my password").click()
    part.get_by_text("The server cannot be reached.").wait_for()
    page.locator(".why-not").wait_for()
    asked: list[str] = []
    page.on("request", lambda sent: asked.append(sent.method) if "/users/password" in sent.url else None)
    part.get_by_label("New password").press("Enter")
    page.context.set_offline(False)
    page.locator(".why-not").wait_for(state="detached", timeout=20_000)
    assert asked == []
    assert knock(learner, PASSWORD) == 200


def test_who_is_to_wait_is_told_so_and_nothing_is_asked_again_by_itself(learner: Learner, open_page: Open) -> None:
    page = open_page(refusals=(429,))
    asked: list[str] = []

    def refuse(route: Any) -> None:
        asked.append(route.request.url)
        problem = {"code": "too_many_requests", "detail": "Too many tries. Please wait 5 minutes."}
        route.fulfill(status=429, json=problem, headers={"Retry-After": "300"})

    page.route("**/auth/login", refuse)
    page.locator("form").wait_for()
    page.get_by_label("E-mail address").fill(learner.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("alert").get_by_text("Please wait 5 minutes.").wait_for()
    page.unroute("**/auth/login")
    page.keyboard.press("Enter")
    page.locator("section.week").wait_for()
    page.route("**/sessions/*", refuse)
    session = learner.add("Cells", at(2, 16))
    page.reload()
    page.get_by_role("link", name="Board").click()
    page.get_by_role("button", name=f"Start {session['title']}").click()
    page.get_by_text("1 change waits to be sent.").wait_for()
    page.route("**/ai/jobs/*", refuse)
    page.evaluate("location.hash = '#/generate'")
    page.get_by_role("button", name="Make my plan").click()
    page.get_by_role("alert").get_by_text("Please wait 5 minutes.").wait_for()
    page.wait_for_timeout(2500)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_timeout(300)
    assert [one.partition("/api/v1/")[2].partition("/")[0] for one in asked] == ["auth", "sessions", "ai"]
