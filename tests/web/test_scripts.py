"""The parts of the web app that need no page are tried by Node's own test runner."""

import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).with_name("scripts")


def test_zones_lanes_and_state_hold_in_node() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not here; Debian's nodejs will do")
    tests = sorted(map(str, SCRIPTS.glob("*.test.js")))
    ran = subprocess.run([node, "--test", *tests], capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-1000:]
    assert len(tests) >= 7
