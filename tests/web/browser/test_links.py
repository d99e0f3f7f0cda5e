"""What a mail leads to: another password for who has forgotten theirs, and an address that is confirmed."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.live import Service
from tests.mail.mailbox import Mailbox, mail_server, text_of
from tests.prepared import prepared_service
from tests.web.browser.accessibility import faults
from tests.web.browser.conftest import PASSWORD, Learner, Open
from tests.web.browser.test_access import in_every_look
from tests.web.browser.test_account import NEXT_PASSWORD, account, at_field, knock
from tests.web.browser.test_mishaps import student_of
from tests.web.browser.test_settings import card
from tests.web.browser.walk import sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ADDRESS = "https://study.example.org/app"
LINK = re.compile(rf"{ADDRESS}(/#(?:reset|confirm)=\S+)")
WRITTEN = "JSON.stringify([location.href, history.state, { ...localStorage }, { ...sessionStorage }, document.title])"


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as found:
        yield found


@pytest.fixture(scope="module")
def mailing(browser: "Browser", mailbox: Mailbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A server that sends mail."""
    sends = {
        "SCHEDIORA_MAIL__URL": f"smtp://127.0.0.1:{mailbox.port}",
        "SCHEDIORA_MAIL__FROM": "Schediora <schediora@example.org>",
        "SCHEDIORA_SERVER__PUBLIC_URL": ADDRESS,
        "SCHEDIORA_LIMITS__ENABLED": "false",
    }
    with prepared_service(tmp_path_factory.mktemp("mailing") / "data", "serve", **sends) as running:
        yield running


def mailed(page: "Page", mailbox: Mailbox, address: str, number: int = 1) -> str:
    """What comes after the service's address in the link of the newest mail, once so many have come."""
    for _ in range(300):
        if len(mailbox.to(address)) >= number:
            break
        page.wait_for_timeout(100)
    found = LINK.search(text_of(mailbox.to(address)[-1]))
    assert found
    return found[1]


def follow(page: "Page", server: Service, link: str) -> "Page":
    """Open a mail's link in a tab of the same browser, and see that its token is left nowhere."""
    tab = page.context.new_page()
    sent: list[str] = []
    tab.on("request", lambda one: sent.append(one.url + (one.headers.get("referer") or "")))
    tab.goto(server.url.removesuffix("/api/v1") + link)
    tab.locator("h1").wait_for()
    token = link.partition("=")[2]
    assert token not in str(tab.evaluate(WRITTEN))
    # The page's own address has it, of which no server sees what comes after the `#`.
    assert [one for one in sent if token in one.partition("#")[0]] == []
    return tab


def test_a_forgotten_password_is_replaced_by_the_link_that_is_mailed(
    mailing: Service, mailbox: Mailbox, open_page: Open
) -> None:
    student = student_of(mailing, "forgets")
    page = open_page(at=mailing, refusals=(401, 422))
    page.get_by_role("link", name="Forgotten your password?").click()
    page.get_by_role("button", name="Send me a link").wait_for()
    assert in_every_look(page) == []
    for address in ("nobody@example.com", student.email):
        page.get_by_label("E-mail address").fill(address)
        page.get_by_role("button", name="Send me a link").click()
        page.get_by_text(f"If there is an account for {address}, a link is on its way.").wait_for()
        assert in_every_look(page) == []
        page.get_by_role("button", name="Use another address").click()
    number = 2 if "#confirm" in mailed(page, mailbox, student.email) else 1
    link = mailed(page, mailbox, student.email, number)
    tab = follow(page, mailing, link)
    tab.get_by_label("New password").fill("password123")
    tab.keyboard.press("Enter")
    assert at_field(tab.locator("main"), "New password").startswith("This password is one of the first")
    assert faults(tab) == []
    tab.get_by_label("New password").fill(NEXT_PASSWORD)
    tab.keyboard.press("Enter")
    tab.locator("section.week").wait_for()
    tab.locator(".toast").get_by_text("Your new password holds.").wait_for()
    # Who stood at the door in another tab is in as well.
    page.locator(".other a[href='#/week']").click()
    page.locator("section.week").wait_for()
    assert mailing.call("GET", "/users/me", token=student.token).status == 401
    assert (knock(student, PASSWORD), knock(student, NEXT_PASSWORD)) == (401, 200)
    assert mailbox.to("nobody@example.com") == []
    again = follow(page, mailing, link)
    again.get_by_label("New password").fill("yet another horse")
    again.keyboard.press("Enter")
    again.get_by_role("alert").wait_for()
    assert again.locator("form").count() == 0
    assert in_every_look(again) == []
    again.reload()
    again.get_by_text("The link is not here any more.").wait_for()
    again.get_by_role("link", name="Ask for another link").click()
    assert again.get_by_label("E-mail address").input_value() == student.email


def test_another_address_holds_at_once_and_is_confirmed_by_its_link(
    mailing: Service, mailbox: Mailbox, open_page: Open
) -> None:
    student, other = student_of(mailing, "moves"), student_of(mailing, "taken")
    page = open_page(at=mailing, refusals=(403, 409, 422))
    sign_in(page, student)
    part = card(account(page), "E-mail address")
    part.get_by_text("Not confirmed yet").wait_for()
    assert faults(page) == []
    for password, address, where in (("wrong", "new@example.com", "Password"), (PASSWORD, other.email, "New address")):
        part.get_by_label("New address").fill(address)
        part.get_by_label("Password").fill(password)
        part.get_by_role("button", name="Change my address").click()
        at_field(part, where)
    part.get_by_label("New address").fill("Moved@example.com")
    part.get_by_role("button", name="Change my address").click()
    part.get_by_text("moved@example.com", exact=True).wait_for()
    assert mailing.call("GET", "/users/me", token=student.token).status == 401
    student = Learner(mailing, "moved@example.com", "")
    link = mailed(page, mailbox, student.email)
    tab = follow(page, mailing, link)
    tab.get_by_text("Thank you: your address is confirmed.").wait_for()
    assert in_every_look(tab) == []
    tab.reload()
    tab.locator("section.week").wait_for()
    page.get_by_role("link", name="Week").click()
    page.locator("section.week").wait_for()
    account(page)
    part.get_by_text("Not confirmed yet").wait_for(state="detached")
    again = follow(page, mailing, link)
    again.get_by_role("alert").wait_for()
    again.get_by_text("enter it once more under Account").wait_for()
    assert again.get_by_role("button", name="Try again").count() == 0
    assert knock(student, PASSWORD) == 200


def test_a_link_that_comes_while_the_server_is_away_is_tried_again_by_the_student(open_page: Open) -> None:
    page = open_page(refusals=(422,), offline=True)
    page.locator("form").wait_for()
    page.context.set_offline(True)
    page.evaluate("location.hash = '#confirm=abc'")
    page.get_by_role("alert").get_by_text("The server cannot be reached.").wait_for()
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    page.get_by_text("enter it once more under Account").wait_for()
