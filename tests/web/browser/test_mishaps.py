"""Two tabs at once, a sign-in that runs out or is ended in mid-use, and a server that is gone for a while."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.live import Service
from tests.web.browser.conftest import PASSWORD, ZONE, LateService, Learner, Open
from tests.web.browser.test_week import at, entry
from tests.web.browser.walk import sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Page

WEEK_SECONDS = 7 * 86_400
"""How long an access token lives."""


def student_of(server: Service, name: str) -> Learner:
    """Make an account of Tokyo with preferences."""
    account = {"email": f"{name}@example.com", "password": PASSWORD, "timezone": ZONE}
    student = Learner(server, account["email"], server.call("POST", "/auth/register", account).json["access_token"])
    student.call("PUT", "/users/preferences", {"goal": "Pass", "daily_hours": 2, "focus_topics": ["Biology"]})
    return student


@pytest.fixture
def late_student(late_server: LateService) -> Learner:
    return student_of(late_server, "late")


def calls_of(page: "Page", ending: str) -> list[str]:
    """Return the list to which every call of the browser whose address ends so is added from now on."""
    found: list[str] = []
    page.context.on("request", lambda sent: found.append(sent.method) if sent.url.endswith(ending) else None)
    return found


def tick_off(page: "Page", session: Any) -> None:
    entry(page, session).get_by_role("button").click()
    page.get_by_role("button", name="Done", exact=True).click()
    page.get_by_role("button", name="Tick off").click()


def eventually(holds: Callable[[], bool]) -> bool:
    """Say whether it comes to hold; what waits is sent when the page thinks fit."""
    for _ in range(100):
        if holds():
            return True
        time.sleep(0.1)
    return False


def test_what_one_tab_does_the_other_shows_and_both_are_left_at_once(learner: Learner, open_week: Open) -> None:
    session = learner.add("Cells", at(6, 16))
    first = open_week()
    second = first.context.new_page()
    second.goto(first.url)
    entry(second, session).wait_for()
    tick_off(first, session)
    first.locator(".session.done").wait_for()
    second.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    second.locator(".session.done").wait_for()
    first.get_by_role("button", name="Sign out").click()
    for page in (first, second):
        page.get_by_role("heading", name="Sign in").wait_for()
        assert page.get_by_text("Cells").count() == 0


def test_what_is_being_read_when_a_student_leaves_is_given_up_in_every_tab(learner: Learner, open_week: Open) -> None:
    first = open_week()
    second = first.context.new_page()
    second.goto(first.url)
    second.locator("section.week").wait_for()
    held: list[Any] = []
    given_up: list[str] = []
    first.context.on("requestfailed", lambda sent: given_up.append(sent.method))
    for page in (first, second):
        page.route("**/api/v1/sessions?*", lambda route: held.append(route))  # noqa: PLW0108
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    def both_are_held() -> bool:
        first.wait_for_timeout(1)  # handlers are called while the page is waited for
        return len(held) >= 2

    assert eventually(both_are_held)
    with first.expect_response("**/auth/logout"):
        first.get_by_role("button", name="Sign out").click()
    # Sent on now they would be refused, of which the browser complains.
    for route in held:
        route.continue_()
    for page in (first, second):
        page.get_by_role("heading", name="Sign in").wait_for()
        page.wait_for_load_state("networkidle")
        assert page.get_by_text("cannot be reached").count() == 0
    assert given_up == ["GET"] * len(held)


def test_who_signs_in_on_one_tab_is_shown_on_the_other_and_nothing_of_who_was_there(
    learner: Learner, server: Service, open_week: Open
) -> None:
    session = learner.add("Cells", at(6, 16))
    other = student_of(server, f"other{id(open_week)}")
    theirs = other.add("Enzymes", at(6, 16))
    first = open_week()
    second = first.context.new_page()
    second.goto(first.url)
    entry(second, session).wait_for()
    first.get_by_role("button", name="Sign out").click()
    first.get_by_role("heading", name="Sign in").wait_for()
    sign_in(first, other)
    for page in (first, second):
        entry(page, theirs).wait_for()
        assert page.get_by_text("Cells").count() == 0


def test_a_sign_in_that_has_run_out_is_renewed_once_for_two_tabs_and_the_tick_arrives(
    late_server: LateService, late_student: Learner, open_page: Open
) -> None:
    session = late_student.add("Cells", at(6, 16))
    first = open_page(at=late_server, refusals=(401,))
    sign_in(first, late_student)
    second = first.context.new_page()
    second.goto(first.url)
    entry(second, session).wait_for()
    renewals = calls_of(first, "/auth/refresh")
    # A phone that was left open for eight days: nothing is loaded anew.
    late_server.move(WEEK_SECONDS + 86_400)
    tick_off(first, session)
    second.get_by_role("link", name="Progress").click()
    first.locator(".session.done").wait_for()
    second.locator(".facts").wait_for()
    assert renewals == ["POST"]
    pair = late_server.call("POST", "/auth/login", {"email": late_student.email, "password": PASSWORD}).json
    late_student.token = pair["access_token"]
    assert late_student.session(session["id"])["status"] == "done"


def test_a_sign_in_that_was_ended_elsewhere_is_said_at_the_door_and_the_tick_is_kept(
    learner: Learner, server: Service, open_week: Open
) -> None:
    session = learner.add("Cells", at(6, 16))
    page = open_week(refusals=(401,))
    entry(page, session).get_by_role("button").click()
    page.get_by_role("button", name="Done", exact=True).click()
    page.wait_for_load_state("networkidle")
    refresh = page.evaluate("JSON.parse(localStorage.getItem('schediora.tokens')).refresh_token")
    server.call("POST", "/auth/logout", {"refresh_token": refresh})
    page.get_by_role("button", name="Tick off").click()
    page.get_by_role("heading", name="Sign in").wait_for()
    page.get_by_role("alert").get_by_text("sign in").wait_for()
    assert page.get_by_text("Cells").count() == 0
    sign_in(page, learner)
    assert page.get_by_role("alert").count() == 0
    # What was ticked off as it ended is not lost.
    page.locator(".session.done").wait_for()
    pair = server.call("POST", "/auth/login", {"email": learner.email, "password": PASSWORD}).json
    learner.token = pair["access_token"]
    assert eventually(lambda: learner.session(session["id"])["status"] == "done")


def test_a_server_that_was_gone_is_found_again_and_nothing_is_lost(
    late_server: LateService, late_student: Learner, open_page: Open
) -> None:
    session = late_student.add("Cells", at(6, 16))
    page = open_page(at=late_server, offline=True)
    sign_in(page, late_student)
    late_server.kill()
    tick_off(page, session)
    page.locator(".session.done").wait_for()
    page.get_by_role("link", name="Progress").click()
    page.get_by_text("The server cannot be reached").first.wait_for()
    page.get_by_text("Offline.").wait_for()
    late_server.start()
    page.get_by_role("button", name="Try again").click()
    page.locator(".facts").wait_for()
    page.locator(".offline").wait_for(state="hidden")
    page.get_by_role("link", name="Week").click()
    page.locator(".session.done").wait_for()
    assert eventually(lambda: late_student.session(session["id"])["status"] == "done")
