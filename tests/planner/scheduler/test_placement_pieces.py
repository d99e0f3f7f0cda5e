import pytest

from schediora.planner.scheduler.splitting import numbered, split


def totals_that_can_be_made(session_minutes: int, most: int) -> set[int]:
    lengths = range(15, session_minutes + 1, 5)
    made: set[int] = set()
    frontier = {0}
    while frontier:
        frontier = {total + length for total in frontier for length in lengths if total + length <= most} - made
        made |= frontier
    return made


@pytest.mark.parametrize("session_minutes", [15, 17, 20, 25, 44, 45, 90, 180])
def test_a_step_is_moved_to_the_nearest_total_that_sessions_can_make_the_lower_of_two(session_minutes: int) -> None:
    made = totals_that_can_be_made(session_minutes, 700)
    for minutes in range(1, 500):
        nearest = min(sorted(made), key=lambda total: abs(total - minutes))
        assert sum(split(minutes, session_minutes)) == nearest


@pytest.mark.parametrize("session_minutes", [15, 17, 20, 25, 44, 45, 90, 180])
def test_sessions_are_as_few_and_as_even_as_can_be_and_in_range(session_minutes: int) -> None:
    for minutes in range(1, 500):
        lengths = split(minutes, session_minutes)
        assert all(15 <= length <= session_minutes and length % 5 == 0 for length in lengths)
        assert max(lengths) - min(lengths) <= 5
        assert list(lengths) == sorted(lengths, reverse=True)
        assert len(lengths) == 1 or sum(lengths) > (len(lengths) - 1) * (session_minutes // 5 * 5)


@pytest.mark.parametrize(
    ("minutes", "session_minutes", "lengths"),
    [
        (60, 45, (30, 30)),
        (100, 45, (35, 35, 30)),
        (45, 45, (45,)),
        (7, 45, (15,)),
        (25, 20, (20,)),  # 20 and 30 can be made, 25 cannot
        (40, 17, (15, 15, 15)),  # 17 allows sessions of 15 alone
        (180, 180, (180,)),
        (22, 15, (15,)),
        (23, 15, (15, 15)),
    ],
)
def test_splitting(minutes: int, session_minutes: int, lengths: tuple[int, ...]) -> None:
    assert split(minutes, session_minutes) == lengths


def test_a_session_below_a_quarter_of_an_hour_is_refused() -> None:
    with pytest.raises(ValueError, match="15 minutes or more"):
        split(30, 14)


def test_a_long_title_gives_way_to_its_number() -> None:
    assert numbered("Cells", 1, 1) == "Cells"
    assert numbered("Cells", 2, 3) == "Cells (2/3)"
    long = numbered("x" * 180, 10, 12)
    assert len(long) == 180
    assert long.endswith("x… (10/12)")
    assert numbered("x" * 180, 1, 1) == "x" * 180
