"""The hours to study, painted and written: the same in the first steps and in the settings."""

from tests.web.browser.conftest import PHONE, Learner, Open
from tests.web.browser.painting import FREE, cell, drag, middle, preferences, swipe, tell, window
from tests.web.browser.waiting import wait_until
from tests.web.browser.walk import sign_in


def test_a_finger_paints_on_the_sheet_and_scrolls_beside_it(open_page: Open, newcomer: Learner) -> None:
    tell(newcomer)
    page = open_page(**PHONE)
    sign_in(page, newcomer)
    page.evaluate("location.hash = '#/first/2'")
    page.locator(cell(4, 20)).scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    swipe(page, middle(page, cell(2, 16)), middle(page, cell(4, 17.5)))
    page.get_by_text("6 h a week are free").wait_for()
    assert page.evaluate("scrollY") == before
    assert page.locator(FREE).count() == 12
    inside = page.locator(".paint").evaluate("sheet => sheet.scrollTop")
    x, y = middle(page, '.paint [role="rowheader"]:has-text("18:00")')
    swipe(page, (x, y), (x, y + 120))
    wait_until(page, "before => document.querySelector('.paint').scrollTop < before", inside)
    page.locator(".weekdays legend").first.scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    x, y = middle(page, ".weekdays legend")
    swipe(page, (x, y), (x, y - 200))
    wait_until(page, "before => scrollY > before", before)
    assert page.locator(FREE).count() == 12


def test_the_settings_show_the_same_hours_and_take_them_past_midnight(learner: Learner, open_week: Open) -> None:
    page = open_week()
    page.evaluate("location.hash = '#/settings'")
    card = page.locator(".card").filter(has=page.locator(".paint"))
    page.get_by_text("98 h a week are free").wait_for()
    drag(page, cell(2, 8), cell(7, 21.5))
    page.get_by_text("14 h a week are free").wait_for()
    sunday = page.get_by_role("group", name="Sunday")
    sunday.get_by_role("button", name="Add hours").click()
    sunday.get_by_label("From", exact=True).fill("22:15")
    sunday.get_by_label("To", exact=True).fill("00:45")
    sunday.get_by_text("It goes on into Monday.").wait_for()
    assert page.locator(cell(1, 0.5)).get_attribute("class") == "half part"
    card.get_by_role("button", name="Save").click()
    page.get_by_text("Saved.").first.wait_for()
    hours = [window(1, "00:00", "00:45"), window(1, "08:00", "22:00"), window(7, "22:15", "24:00")]
    assert preferences(learner)["availability"] == hours
    page.locator(".topic", has_text="Biology").locator("summary").first.click()
    with page.expect_response(lambda answer: answer.request.method == "PUT"):
        page.get_by_role("button", name="I know it Cells and organelles").click()
    page.get_by_text("1 of 14 known").wait_for()
    page.get_by_role("button", name="Back to Schediora's list").click()
    page.get_by_text("0 of 14 known").wait_for()
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("1 of 14 known").wait_for()


def test_a_tick_that_does_not_arrive_is_taken_back_and_said(learner: Learner, open_week: Open) -> None:
    page = open_week(offline=True)
    page.evaluate("location.hash = '#/first/3'")
    page.get_by_text("0 of 14 known").click()
    page.route("**/syllabus", lambda route: route.abort())
    page.get_by_role("button", name="I know it Cells and organelles").click()
    page.locator(".topic .banner", has_text="The server cannot be reached").wait_for()
    page.get_by_text("0 of 14 known").wait_for()
    page.unroute("**/syllabus")
    with page.expect_response("**/syllabus"):
        page.get_by_role("button", name="I know it Cells and organelles").click()
    page.get_by_text("1 of 14 known").wait_for()
    page.locator(".topic .banner").wait_for(state="detached")
    assert learner.call("GET", "/syllabus?topic=Biology")["units"][0]["state"] == "known"
