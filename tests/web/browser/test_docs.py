"""The API's pages show every call of the document, and each form sends it."""

import re
import shlex
from typing import TYPE_CHECKING, Any

import pytest

from tests.live import Service
from tests.web.browser.accessibility import faint, faults, lost_by_keyboard, misfits
from tests.web.browser.conftest import DESKTOP, PASSWORD, PHONE, Learner, Open

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

NASTY = '<img src=x onerror=alert(1)> it\'s `code` & "more" $(id)'
FIRST = ("getApi", "login", "generatePlan", "createPlan", "listPlans", "listSessions")
"""What shows the others their ids."""
LAST = ("deleteSession", "deletePlan", "refresh", "signOutDevice", "register", "deleteAccount", "logout")
REFUSED = {"undoReplan": 409, "confirmEmail": 422, "resetPassword": 422}
"""Nothing was moved, and no link was mailed."""


def open_docs(open_page: Open, server: Service, *, at: str = "", **options: Any) -> "Page":
    page = open_page(**options)
    page.goto(f"{server.url.removesuffix('/api/v1')}/docs{at}")
    page.get_by_label("Find a call").wait_for()
    return page


def sign_in(page: "Page", learner: Learner) -> None:
    page.get_by_label("Email").fill(learner.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_text(f"Calls are sent as {learner.email}").wait_for()


def unfolded(page: "Page", call: str) -> "Locator":
    """Return the call's card, opened by its address."""
    page.evaluate("id => { location.hash = id; }", call)
    card = page.locator(f"#{call}")
    card.get_by_role("button", name="Send").wait_for()
    return card


def sent(page: "Page", card: "Locator") -> int:
    with page.expect_response(lambda response: "/api/v1" in response.url) as answer:
        card.get_by_role("button", name="Send").click()
    card.get_by_text(re.compile(rf"^{answer.value.status} .* ms")).wait_for()
    return int(answer.value.status)


def test_every_call_is_there_and_does_what_its_form_says(learner: Learner, open_page: Open, server: Service) -> None:
    document = server.call("GET", "/openapi.json").json
    described = {call["operationId"] for item in document["paths"].values() for call in item.values()}
    page = open_docs(open_page, server, refusals=(409, 422))
    assert set(page.locator(".operation").evaluate_all("all => all.map(one => one.id)")) == described
    sign_in(page, learner)
    answered = {}
    for call in [*FIRST, *sorted(described - {*FIRST, *LAST}), *LAST]:
        card = unfolded(page, call)
        body = card.get_by_label("Body")
        if call == "login":
            body.fill(f'{{"email": "{learner.email}", "password": "{PASSWORD}"}}')
        if call == "register":
            body.fill(f'{{"email": "new-{learner.email}", "password": "{PASSWORD}"}}')
        if call == "deleteAccount":
            body.fill(f'{{"password": "{PASSWORD}"}}')
        answered[call] = sent(page, card)
    assert {call: status for call, status in answered.items() if status >= 300} == REFUSED


def test_a_form_shows_the_call_as_a_line_for_a_terminal(learner: Learner, open_page: Open, server: Service) -> None:
    page = open_docs(open_page, server, at="#updateSession")
    card = unfolded(page, "updateSession")
    card.get_by_label("session_id").fill("a/b")
    card.get_by_label("Body").fill(f'{{"title": "{NASTY.replace(chr(34), chr(92) + chr(34))}"}}')
    line = card.get_by_label("As a curl command").inner_text()
    words = [word for word in shlex.split(line) if word != "\n"]
    assert words[:4] == ["curl", "-X", "PATCH", f"{server.url}/sessions/a%2Fb"]
    assert "Authorization: Bearer $TOKEN" in words
    assert words[-2] == "--data-raw", "a body that begins with @ names no file"
    assert words[-1] == f'{{"title":"{NASTY.replace(chr(34), chr(92) + chr(34))}"}}'


def test_what_students_wrote_is_shown_as_they_wrote_it(learner: Learner, open_page: Open, server: Service) -> None:
    learner.call("POST", "/plans", {"title": NASTY, "topic": "Biology", "duration_minutes": 45})
    page = open_docs(open_page, server)
    sign_in(page, learner)
    card = unfolded(page, "listPlans")
    assert sent(page, card) == 200
    assert NASTY.replace('"', '\\"') in card.get_by_label("The answer", exact=True).inner_text()
    assert page.locator("img[src=x]").count() == 0


def test_a_wrong_password_is_told_and_calls_without_a_student_say_what_is_missing(
    learner: Learner, open_page: Open, server: Service
) -> None:
    page = open_docs(open_page, server, refusals=(401,))
    page.get_by_label("Email").fill(learner.email)
    page.get_by_label("Password").fill("not this one")
    page.keyboard.press("Enter")
    page.locator(".access [role=status]").get_by_text(re.compile(r"\w")).wait_for()
    card = unfolded(page, "getMe")
    assert "sign in above first" in card.inner_text()
    assert sent(page, card) == 401


def test_the_calls_can_be_searched_by_what_they_take(open_page: Open, server: Service) -> None:
    page = open_docs(open_page, server)
    page.get_by_label("Find a call").fill("focus_topics")
    page.get_by_text("1 found").wait_for()
    assert page.locator(".operation").evaluate_all("all => all.map(one => one.id)") == ["setPreferences"]


def test_a_description_that_does_not_come_can_be_asked_for_again(open_page: Open, server: Service) -> None:
    page = open_page(refusals=(503,))
    page.route("**/openapi.json", lambda route: route.fulfill(status=503, body="{}"))
    page.goto(f"{server.url.removesuffix('/api/v1')}/docs")
    again = page.get_by_role("button", name="Try again")
    again.wait_for()
    page.unroute("**/openapi.json")
    again.click()
    page.get_by_label("Find a call").wait_for()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_nobody_is_kept_out_by_how_it_looks(size: dict[str, Any], open_page: Open, server: Service) -> None:
    page = open_docs(open_page, server, **size)
    for fold in (False, True):
        if fold:
            for call in ("updateSession", "setPreferences", "listSessions"):
                unfolded(page, call)
            page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
            page.get_by_text("Its fields").first.wait_for()
        assert faults(page) == []
        page.emulate_media(color_scheme="dark")
        assert faint(page) + misfits(page) == []
        page.emulate_media(color_scheme="light")
    if size is PHONE:
        assert lost_by_keyboard(page) == []
        page.set_viewport_size({"width": 320, "height": 640})
        assert misfits(page) == []
