"""Random lives of students. Their assertions say what they compared, as those of tests do."""

import pytest

pytest.register_assert_rewrite("tests.lives.checks", "tests.lives.steps", "tests.lives.life", "tests.planner.book")
