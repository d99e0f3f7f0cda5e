"""Where a schema stands: behind, level, or ahead of the code, and whether the code can work with it."""

import pytest

from schediora.db.revisions import NewerSchema, Revisions, read_revisions

HISTORY = ("0001", "0002", "0003")
Said = list[tuple[str, str | None, bool]]


def stands(current: str | None, said: Said | None = None) -> Revisions:
    answers: dict[str, object] = {
        "SELECT version_num FROM alembic_version": [(current,)] if current else [],
        "SELECT revision, follows, compatible FROM schema_revisions": said or [],
    }
    tables = ["alembic_version"] + (["schema_revisions"] if said is not None else [])
    return read_revisions(tables, lambda sql: answers[sql], HISTORY)  # type: ignore[arg-type,return-value]


def test_a_database_without_a_schema_stands_nowhere() -> None:
    assert read_revisions([], lambda _: [], HISTORY) == Revisions(None, "0003")
    assert not stands(None).usable


def test_what_the_code_knows_is_never_newer() -> None:
    assert stands("0003").up_to_date
    assert stands("0003").usable
    assert not stands("0002").newer
    assert not stands("0002", [("0002", "0001", True)]).usable


@pytest.mark.parametrize(
    ("current", "said", "compatible"),
    [
        ("0004", [("0004", "0003", True)], True),
        ("0005", [("0004", "0003", True), ("0005", "0004", True)], True),
        ("0004", [("0004", "0003", False)], False),
        ("0005", [("0004", "0003", False), ("0005", "0004", True)], False),
        ("0005", [("0004", "0003", True), ("0005", "0004", False)], False),
        ("0005", [("0004", "0003", True)], False),
        ("0005", [("0005", "0004", True)], False),
        ("0004", [("0004", "0002", True)], False),
        ("0004", [("0004", None, True)], False),
        ("0004", [("0004", "0005", True), ("0005", "0004", True)], False),
        ("0004", [], False),
        ("0004", None, False),
    ],
)
def test_a_newer_schema_is_compatible_if_every_step_to_it_says_so(
    current: str, said: Said | None, compatible: bool
) -> None:
    found = stands(current, said)
    assert (found.newer, found.compatible, found.usable, found.up_to_date) == (True, compatible, compatible, False)
    assert current in found.advice
    assert "0003" in found.advice
    if compatible:
        found.refuse_incompatible()
    else:
        with pytest.raises(NewerSchema):
            found.refuse_incompatible()
