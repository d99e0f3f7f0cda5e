"""A plan is asked for, watched from any page, told of when it is there, and refused with a way out."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.live import Service
from tests.prepared import prepared_service
from tests.web.browser.accessibility import faults
from tests.web.browser.conftest import Learner, Open
from tests.web.browser.test_week import monday

EVENINGS = [{"weekday": weekday, "start": "19:00", "end": "19:30"} for weekday in (1, 2)]
TOPICS = ["Biology", "Maths", "History", "English", "Physics"]
WISHES = {"goal": "Pass", "daily_hours": 2, "focus_topics": TOPICS, "availability": EVENINGS}
"""More to learn than two half hours hold."""


@pytest.fixture(scope="module")
def server(browser: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One that accepts jobs and leaves them to a worker."""
    data_dir = tmp_path_factory.mktemp("web") / "data"
    with prepared_service(data_dir, "serve", "--no-worker", SCHEDIORA_LIMITS__ENABLED="false") as running:
        yield running


@pytest.fixture
def worker(server: Service) -> Iterator[Service]:
    """Who makes the plans, from when the test wants it on."""
    with prepared_service(server.data_dir, "worker") as running:
        yield running


def test_a_plan_under_way_is_found_again_after_a_reload_and_comes_into_the_week(
    open_week: Open, request: pytest.FixtureRequest
) -> None:
    page = open_week()
    page.get_by_role("link", name="Make my plan").click()
    page.get_by_label("Next week").check()
    page.get_by_role("button", name="Make my plan").click()
    page.get_by_text("You may leave this page").wait_for()
    page.reload()
    page.locator(".making").get_by_text("Waiting its turn").wait_for()
    page.get_by_role("link", name="Week", exact=True).click()
    page.locator(".under-way").get_by_text("Waiting its turn").wait_for()
    request.getfixturevalue("worker")
    page.locator(".toast").get_by_text("Your plan is ready.").wait_for(timeout=60_000)
    page.locator(".under-way").wait_for(state="detached")
    page.get_by_role("button", name="The week after").click()
    page.locator(".week .session").first.wait_for()


@pytest.mark.usefixtures("worker")
def test_what_did_not_fit_stays_in_the_week_with_the_one_change_that_helps(learner: Learner, open_week: Open) -> None:
    learner.call("PUT", "/users/preferences", WISHES)
    page = open_week()
    page.evaluate("location.hash = '#/generate/next'")
    page.get_by_role("button", name="Make my plan").click()
    page.locator(".made").get_by_role("heading", name="What did not fit").wait_for(timeout=60_000)
    page.locator(".planned li").get_by_text("Mon ").first.wait_for()
    assert faults(page) == []
    next_monday = (monday() + timedelta(days=8)).strftime("%Y-%m-%d")
    page.reload()
    page.evaluate(f"location.hash = '#/week/{next_monday}'")
    page.get_by_text("of the plan did not fit").click()
    offer = page.locator(".unfit .offer")
    assert faults(page) == []
    with page.expect_response("**/users/preferences"):
        offer.get_by_role("button", name="Make this change").click()
    offer.get_by_text("Changed.").wait_for()
    now = learner.call("GET", "/users/me")["preferences"]
    assert [name for name, value in WISHES.items() if now[name] != value] != []
    page.get_by_role("button", name="I have seen it").click()
    page.locator(".unfit").wait_for(state="detached")


@pytest.mark.usefixtures("worker")
def test_a_plan_that_cannot_be_made_says_why_and_what_would_help(learner: Learner, open_week: Open) -> None:
    today = datetime.now(UTC)
    first, last = (f"{today + timedelta(days=days):%Y-%m-%d}" for days in (-1, 40))
    learner.call("PUT", "/users/preferences", {**WISHES, "days_off": [{"first": first, "last": last}]})
    page = open_week()
    page.get_by_role("link", name="Make my plan").click()
    page.get_by_role("button", name="Make my plan").click()
    page.locator(".wish").get_by_role("alert").wait_for(timeout=60_000)
    page.get_by_text("What did not fit").click()
    page.locator(".wish .unplaced li").first.wait_for()
    page.get_by_role("link", name="Change my hours").click()
    page.get_by_role("heading", name="Settings").wait_for()
