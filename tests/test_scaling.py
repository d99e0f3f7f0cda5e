"""The model behind docs/scaling.md: it says nothing of what it cannot foretell."""

from collections.abc import Callable

import pytest

from benchmarks.scale_model import DoesNotFit, Point, fitted, need

Cpu = Callable[[int, int], float]


def points(server: Cpu, postgres: Cpu) -> list[Point]:
    """Return what would be measured if the parts took so much with so many apps and processes."""
    return [
        Point(
            apps=apps,
            processes=processes,
            cpu={"server": server(apps, processes), "Postgres": postgres(apps, processes)},
            calls=apps / 5,
            starts=apps / 300,
            writes=apps / 200,
            wal_bytes=apps * 10.0,
            commits=apps / 5,
        )
        for processes in (1, 2)
        for apps in (250, 500, 1000, 2000)
    ]


def test_what_costs_so_much_an_app_is_told_for_many_apps() -> None:
    measured = points(lambda apps, processes: 0.02 * processes + apps / 4000, lambda apps, _: apps / 10_000)
    model = fitted(measured)
    assert model.worst < 0.01
    needed = need(1_000_000, model, measured, student_bytes=40_000, job_seconds=0.1)
    assert needed.server_cores == pytest.approx(250 / 0.98)
    assert needed.database_cores == pytest.approx(100)
    assert (needed.server_machines, needed.databases) == (23, 9)
    assert needed.calls == pytest.approx(200_000)
    assert needed.wal_mebibytes == pytest.approx(10_000_000 / 2**20)


def test_nothing_is_told_where_the_model_misses_the_points_that_were_kept_back() -> None:
    with pytest.raises(DoesNotFit, match="server at 2000 x 1: -"):
        fitted(points(lambda apps, _: apps**2 / 1_000_000, lambda apps, _: apps / 10_000))
