"""The plan before and after, side by side; kept, or changed once the student says so to what they see."""

from tests.web.browser.accessibility import faults
from tests.web.browser.conftest import PHONE, Learner, Open
from tests.web.browser.test_screens import long_ago


def test_before_and_after_stand_side_by_side_and_nothing_changes_until_it_is_said(
    learner: Learner, open_week: Open
) -> None:
    missed = learner.add("Cells", long_ago())
    page = open_week()
    page.evaluate("location.hash = '#/replan'")
    before, after = page.get_by_role("region", name="Before"), page.get_by_role("region", name="After")
    before.get_by_text("Cells").wait_for()
    after.get_by_text("Cells").wait_for()
    page.get_by_text("Missed on").first.wait_for()
    assert faults(page) == []
    page.get_by_role("link", name="Keep it as it is").click()
    page.locator("section.week").wait_for()
    assert learner.session(missed["id"])["scheduled_at"] == missed["scheduled_at"]


def test_a_phone_shows_one_side_at_a_time(learner: Learner, open_week: Open) -> None:
    learner.add("Cells", long_ago())
    page = open_week(**PHONE)
    page.evaluate("location.hash = '#/replan'")
    before, after = page.get_by_role("region", name="Before"), page.get_by_role("region", name="After")
    after.wait_for()
    assert not before.is_visible()
    page.get_by_role("button", name="Before").click()
    before.wait_for()
    assert not after.is_visible()


def test_a_plan_that_has_changed_under_the_preview_is_shown_anew_before_it_is_changed(
    learner: Learner, open_week: Open
) -> None:
    first, second = learner.add("Cells", long_ago()), learner.add("Genes", long_ago())
    page = open_week(refusals=(409,))
    page.evaluate("location.hash = '#/replan'")
    page.get_by_text("2 sessions would move").wait_for()
    learner.call("PATCH", f"/sessions/{second['id']}", {"status": "done"})
    page.get_by_role("button", name="Move them").click()
    page.get_by_role("alert").get_by_text("The plan has changed since").wait_for()
    page.get_by_text("1 session would move").wait_for()
    assert learner.session(first["id"])["scheduled_at"] == first["scheduled_at"]
    page.get_by_role("button", name="Move them").click()
    page.locator("section.week").wait_for()
    assert learner.session(first["id"])["scheduled_at"] > first["scheduled_at"]


def test_who_has_no_plan_is_shown_the_way_to_one(open_week: Open) -> None:
    page = open_week()
    page.evaluate("location.hash = '#/replan'")
    page.get_by_text("There is nothing to plan anew yet.").wait_for()
    page.get_by_role("link", name="Make my plan").click()
    page.get_by_role("heading", name="Make a plan").wait_for()
