"""Tables on a terminal are easy to read."""

import re

import pytest
from schediora_cli import console

ROWS = [
    {"call": "GET /sessions", "state": "ok", "p50_ms": 4.5},
    {"call": "GET /users/me", "state": "wrong", "p50_ms": 120.25},
]


def test_a_table_has_headings_in_words_numbers_under_each_other_and_faults_in_red(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    console.show(ROWS, as_json=False)
    drawn = capsys.readouterr().out
    assert "\x1b[1;31mwrong" in drawn
    heading, first, second = re.sub(r"\x1b\[[\d;]*m", "", drawn).splitlines()
    assert heading.split("  ")[0] == "Call"
    assert "P50 ms" in heading
    assert len(first) == len(second)
    assert (first[-6:], second[-6:]) == ("   4.5", "120.25")
    console.show([], as_json=False)
    assert capsys.readouterr().err == "There are none.\n"
