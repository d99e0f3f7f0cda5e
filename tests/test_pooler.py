"""The published app over pgbouncer in transaction mode, with a way around it and without."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests import servers, test_app_screens
from tests.cli.program import run
from tests.live import Service
from tests.prepared import prepared_service

test_a_student_registers_generates_ticks_off_and_signs_out = (
    test_app_screens.test_a_student_registers_generates_ticks_off_and_signs_out
)
test_own_sessions_are_added_to_a_plan_and_make_one_where_there_is_none = (
    test_app_screens.test_own_sessions_are_added_to_a_plan_and_make_one_where_there_is_none
)
test_the_app_outlives_a_restart_of_the_server_but_not_its_absence = (
    test_app_screens.test_the_app_outlives_a_restart_of_the_server_but_not_its_absence
)


@pytest.fixture(params=["without a way around", "with a way around"])
def server(
    request: pytest.FixtureRequest, postgres_server: str, pgbouncer_server: str, tmp_path: Path
) -> Iterator[Service]:
    """A whole `schediora serve` over an empty database that was migrated through the same addresses."""
    direct = servers.create_database(postgres_server)
    pooled = urlsplit(pgbouncer_server)._replace(path=urlsplit(direct).path).geturl()
    variables = {"SCHEDIORA_DATABASE__URL": pooled}
    if request.param == "with a way around":
        variables["SCHEDIORA_DATABASE__DIRECT_URL"] = direct
    migrated = run("migrate", folder=tmp_path, **variables)
    assert migrated.returncode == 0, migrated.stderr
    with prepared_service(tmp_path / "data", "serve", **variables) as running:
        yield running
        logged = running.logged()
    servers.drop_database(postgres_server, direct)
    for sign_of_trouble in ("database_unreachable", "unexpected_error", "Traceback", "hint_failed", "job_crashed"):
        assert sign_of_trouble not in logged
