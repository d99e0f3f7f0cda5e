"""What a poll costs: a few reads, each along an index, however long the student's history is."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from schediora.db.base import new_id
from schediora.db.database import Database, PostgresDatabase
from schediora.models.planner import Session
from schediora.planner.in_hand import topics_of_week
from schediora.planner.weeks import week_done
from schediora.settings.loading import load
from schediora.settings.values import Settings
from tests.client import Student
from tests.dashboard.history import store
from tests.planner.book import PREFERENCES, append, make_plan, ok, summary, week
from tests.reads import Ran, noted, pages_touched, rows_touched

TODAY = date(2026, 3, 4)
A_POLL = 1
"""The read of the days, from which the numbers and a short streak follow."""


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Without kept answers: what it costs to work one out is looked at."""
    overrides = {"database.url": database_url, "data_dir": tmp_path, "server.cache_mebibytes": 0}
    return load(overrides=overrides).settings


@pytest.fixture
def ran(database: Database, monkeypatch: pytest.MonkeyPatch) -> Ran:
    """The reads of plans and sessions since the test began, with their values."""
    return noted(database, monkeypatch)


@pytest.fixture(params=[True, False], ids=["analysed", "plain"])
def analysed(request: pytest.FixtureRequest) -> bool:
    """Whether the engine has statistics of its tables."""
    return bool(request.param)


def ten_years(student: Student, *, until: date) -> None:
    """Fill ten years with a completed session a day, none after `until`."""
    days = (until - timedelta(days=back) for back in range(3650))
    store(student, ({"day": day, "topic": "A", "minutes": 30} for day in days))


def test_a_long_history_without_a_streak_costs_a_poll_nothing(
    student: Student, database: Database, ran: Ran, analysed: bool
) -> None:
    ten_years(student, until=TODAY - timedelta(days=40))
    make_plan(student)
    _settle(database, analysed)
    summary(student)  # what the planner's revision stands for is read once
    for days in ("7d", "30d"):
        ran.clear()
        assert summary(student, days)["streak_days"] == 0
        assert len(ran) == A_POLL
        assert rows_touched(database, ran) <= 20


def test_a_long_streak_costs_a_few_reads_and_twice_its_days(student: Student, database: Database, ran: Ran) -> None:
    ten_years(student, until=TODAY)
    _settle(database)
    summary(student)
    ran.clear()
    assert summary(student)["streak_days"] == 3650
    assert len(ran) <= 8


def test_a_streak_of_a_fortnight_costs_a_poll_no_further_read(student: Student, database: Database, ran: Ran) -> None:
    ten_years(student, until=TODAY - timedelta(days=40))
    store(student, ({"day": TODAY - timedelta(days=back), "topic": "A", "minutes": 30} for back in range(14)))
    _settle(database)
    summary(student)
    ran.clear()
    assert summary(student)["streak_days"] == 14
    assert len(ran) == A_POLL
    assert rows_touched(database, ran) <= 40


def test_after_a_change_a_year_is_read_once_by_its_days(student: Student, database: Database, ran: Ran) -> None:
    for _ in range(4):
        ten_years(student, until=TODAY - timedelta(days=40))
    make_plan(student)
    _settle(database)
    ran.clear()
    assert summary(student)["best_streak_days"] == 326
    assert len(ran) <= 6
    assert rows_touched(database, [(sql, given) for sql, given in ran if "completed_on" in sql]) <= 2 * 366
    ran.clear()
    assert summary(student)["best_streak_days"] == 326
    assert len(ran) == A_POLL


def test_days_off_are_passed_over_in_a_few_reads(student: Student, database: Database, ran: Ran) -> None:
    off = [{"first": "2026-02-04", "last": "2026-03-04"}]
    ok(student.put("/users/preferences", PREFERENCES | {"rest_days": [1, 2, 3, 4, 5, 6], "days_off": off}))
    store(student, ({"day": TODAY - timedelta(days=10 + 7 * back), "topic": "A", "minutes": 30} for back in range(52)))
    _settle(database)
    summary(student)
    ran.clear()
    assert summary(student)["streak_days"] == 52
    assert len(ran) <= 10


def test_a_long_history_costs_the_weeks_list_nothing(
    student: Student, database: Database, ran: Ran, analysed: bool
) -> None:
    ten_years(student, until=TODAY - timedelta(days=40))
    make_plan(student)
    _settle(database, analysed)
    ran.clear()
    assert len(week(student)) == 1
    assert len(ran) == 1
    assert rows_touched(database, ran) <= 10


def test_a_long_history_costs_a_range_what_is_overdue_and_a_quick_add_nothing(
    student: Student, database: Database, ran: Ran
) -> None:
    ten_years(student, until=TODAY - timedelta(days=40))
    make_plan(student)
    _settle(database, analysed=True)
    for query, found in (({"from": "2026-02-02", "to": "2026-05-04"}, 1), ({"state": "overdue"}, 0)):
        ran.clear()
        assert len(ok(student.get("/sessions", params=query))) == found
        assert len(ran) == 1
        assert rows_touched(database, ran) <= 10
    ran.clear()
    append(student)
    told = [(sql, given) for sql, given in ran if "status <> 'done'" in sql]
    assert len(told) == 2
    assert rows_touched(database, told) <= 10


@pytest.mark.parametrize("engine", ["postgres"], indirect=True)
def test_the_first_page_of_some_days_costs_postgres_no_page_of_the_years_before(
    student: Student, database: Database, ran: Ran
) -> None:
    assert isinstance(database, PostgresDatabase)
    ten_years(student, until=TODAY - timedelta(days=40))
    make_plan(student)
    lately = [TODAY - timedelta(days=back) for back in range(3, 27)]
    store(student, ({"day": day, "topic": "A", "minutes": 15} for day in lately for _ in range(16)))
    missed = {"status": "pending", "completed_at": None, "completed_on": None}
    Session.update(missed).where(Session.scheduled_on >= lately[-1]).execute()
    _settle(database)
    for query in ({"state": "overdue"}, {"from": "2026-02-06", "to": "2026-05-04"}, {"week": "current"}):
        ran.clear()
        assert len(ok(student.get("/sessions", params=query | {"limit": 1}))) == 1
        assert len(ran) == 1
        assert pages_touched(database, ran) <= 20, query


@pytest.mark.parametrize("of_this_weeks_plan", [True, False])
def test_a_page_of_a_full_week_costs_the_page(
    student: Student, database: Database, ran: Ran, analysed: bool, of_this_weeks_plan: bool
) -> None:
    ten_years(student, until=TODAY - timedelta(days=40))
    plan = make_plan(student)
    full = [{"day": TODAY, "topic": "A", "minutes": 15} for _ in range(499)]
    store(student, full, plan=plan["id"] if of_this_weeks_plan else None)
    _settle(database, analysed)
    for call in ("/sessions?limit=1", "/sessions?limit=10"):
        ran.clear()
        rows = len(ok(student.get(call)))
        assert len(ran) == 1
        assert rows_touched(database, ran) <= 2 * (rows + 1) + 3


def test_series_cost_the_week_only_what_of_them_lies_in_it(
    student: Student, database: Database, ran: Ran, analysed: bool
) -> None:
    plan = make_plan(student)
    ahead = [{"day": TODAY + timedelta(days=7 + number % 350), "topic": "A", "minutes": 15} for number in range(3500)]
    store(student, ahead, plan=plan["id"], series=new_id())
    _settle(database, analysed)
    ran.clear()
    assert len(week(student)) == 1
    assert not week_done(UUID(student.id), TODAY - timedelta(days=2))
    assert len(ran) == 2
    assert rows_touched(database, ran) <= 10


def test_series_cost_the_topics_in_hand_only_what_of_them_lies_in_the_week(
    student: Student, register: Callable[..., Student], database: Database, ran: Ran, analysed: bool
) -> None:
    others = 8
    for _ in range(others):  # a table of one row is read whole, whatever index it has
        make_plan(register())
    plan = make_plan(student)
    ahead = [{"day": TODAY + timedelta(days=7 + number % 350), "topic": "A", "minutes": 15} for number in range(3500)]
    store(student, ahead, plan=plan["id"], series=new_id())
    _settle(database, analysed)
    ran.clear()
    topics = topics_of_week(UUID(student.id), TODAY - timedelta(days=2))
    assert [(each.topic, str(each.plan_id)) for each in topics] == [("Biology", plan["id"])] * 2
    assert len(ran) == 1
    assert rows_touched(database, ran) <= 10 + 4 * others


def test_a_page_of_plans_is_one_read_of_its_own_rows(student: Student, database: Database, ran: Ran) -> None:
    for _ in range(12):
        make_plan(student)
    ran.clear()
    link = student.get("/plans", params={"limit": 5}).headers["Link"]
    assert len(ok(student.get(link.partition(">")[0].removeprefix("</api/v1")))) == 5
    assert len(ran) == 2


def _settle(database: Database, analysed: bool = False) -> None:
    """Let the engine know its tables, or not: SQLite gathers no statistics by itself, Postgres gathers them in time.

    The databases of tests are emptied and used again: what was deleted would weigh in Postgres's choice of an index.
    """
    if isinstance(database, PostgresDatabase):
        database.execute_sql("REINDEX TABLE study_sessions")
    if analysed or isinstance(database, PostgresDatabase):
        database.execute_sql("ANALYZE")
