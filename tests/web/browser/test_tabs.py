"""What waits is one and the same in all tabs of a browser, and goes out once, also after a server that was gone."""

import signal
from typing import TYPE_CHECKING

import pytest

from tests.web.browser.conftest import LateService, Learner, Open
from tests.web.browser.test_mishaps import student_of
from tests.web.browser.test_offline import BACK_MS, changes, to_board
from tests.web.browser.test_week import at, entry
from tests.web.browser.walk import sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Page

WITHOUT_LOCKS = "Object.defineProperty(navigator, 'locks', { value: undefined });"
"""A page over plain http has none."""


def second_tab(first: "Page", screen: str = "") -> "Page":
    second = first.context.new_page()
    second.goto(first.url.partition("#")[0] + screen if screen else first.url)
    second.locator("section.week").wait_for()
    return second


@pytest.mark.parametrize("locks", [True, False], ids=["locks", "no locks"])
def test_what_waits_in_one_tab_shows_in_the_other_and_is_sent_once(
    learner: Learner, open_week: Open, locks: bool
) -> None:
    sessions = [learner.add(title, at(2, 12 + n)) for n, title in enumerate(("Cells", "Genes", "Plants"))]
    first = open_week(offline=True)
    if not locks:
        first.context.add_init_script(WITHOUT_LOCKS)
        first.reload()
    second = second_tab(first)
    for page in (first, second):
        to_board(page)
    sent = changes(first)
    first.context.set_offline(True)
    first.get_by_role("button", name="Start Cells").click()
    second.get_by_role("button", name="Done Cells").click()
    second.get_by_role("button", name="Start Genes").click()
    first.get_by_role("button", name="Start Plants").click()
    for page in (first, second):
        page.get_by_text("3 changes wait to be sent.").wait_for()
        page.get_by_role("button", name="Not done after all Cells").wait_for()
    sent.clear()
    first.context.set_offline(False)
    for page in (first, second):
        page.locator(".unsent button").wait_for(state="detached", timeout=BACK_MS)
    assert [body["status"] for body in sent] == ["done", "in_progress", "in_progress"]
    assert [learner.session(one["id"])["status"] for one in sessions] == ["done", "in_progress", "in_progress"]


def test_a_server_that_is_killed_and_comes_back_loses_no_tick_and_has_none_twice(
    late_server: LateService, open_page: Open
) -> None:
    student = student_of(late_server, "gone")
    sessions = [student.add(title, at(2, 12 + n)) for n, title in enumerate(("Cells", "Genes", "Plants"))]
    page = open_page(at=late_server, offline=True)
    sign_in(page, student)
    entry(page, sessions[0]).wait_for()
    to_board(page)
    late_server.kill()
    for title in ("Cells", "Genes", "Plants"):
        page.get_by_role("button", name=f"Start {title}").click()
        page.get_by_role("button", name=f"Done {title}").click()
    page.get_by_text("3 changes wait to be sent.").wait_for()
    taken: list[int] = []
    page.on("response", lambda one: taken.append(one.status) if one.request.method == "PATCH" else None)
    late_server.start()
    page.get_by_text("3 changes that waited were sent.").first.wait_for(timeout=60_000)
    assert taken == [200, 200, 200]
    assert {student.session(one["id"])["status"] for one in sessions} == {"done"}


def test_a_server_that_stalls_takes_what_was_ticked_meanwhile_once(late_server: LateService, open_page: Open) -> None:
    student = student_of(late_server, "stalls")
    sessions = [student.add(title, at(2, 12 + n)) for n, title in enumerate(("Cells", "Genes"))]
    page = open_page(at=late_server, offline=True)
    sign_in(page, student)
    to_board(page)
    assert late_server.process is not None
    late_server.process.send_signal(signal.SIGSTOP)
    for title in ("Cells", "Genes"):
        page.get_by_role("button", name=f"Start {title}").click()
    page.get_by_text("2 changes wait to be sent.").wait_for()
    taken: list[int] = []
    page.on("response", lambda one: taken.append(one.status) if one.request.method == "PATCH" else None)
    late_server.process.send_signal(signal.SIGCONT)
    page.locator(".unsent button").wait_for(state="detached", timeout=BACK_MS)
    assert taken == [200, 200]
    assert [student.session(one["id"])["status"] for one in sessions] == ["in_progress"] * 2


@pytest.mark.parametrize(
    "broken",
    [
        "Object.defineProperty(window, 'indexedDB', { get() { throw new DOMException('no', 'SecurityError'); } });",
        "IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); };",
    ],
    ids=["denied", "full"],
)
def test_where_nothing_can_be_kept_the_app_works_and_says_so(learner: Learner, open_week: Open, broken: str) -> None:
    session = learner.add("Cells", at(2, 16))
    page = open_week(offline=True)
    page.context.add_init_script(broken)
    page.reload()
    page.locator("section.week").wait_for()
    to_board(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="Start Cells").click()
    page.locator(".toast").get_by_text("This could not be kept on this device").wait_for()
    page.get_by_text("1 change waits to be sent.").wait_for()
    page.context.set_offline(False)
    page.locator(".unsent button").wait_for(state="detached", timeout=BACK_MS)
    assert learner.session(session["id"])["status"] == "in_progress"
