"""`python -m migrations.write` makes a file that passes the project's own lint and does what the models say."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from schediora.db.migrate import history

ROOT = Path(__file__).parents[2]


def test_a_written_migration_is_in_the_houses_style_and_lacks_only_what_its_author_must_say(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "schediora", tmp_path / "schediora", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "migrations", tmp_path / "migrations", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "schediora_migrations").symlink_to("migrations")
    with (tmp_path / "schediora" / "models" / "users.py").open("a") as file:
        file.write(
            "\n\nUser._meta.add_field('nickname', peewee.TextField(null=True))\n"
            "User._meta.add_field('seen', peewee.JSONField(null=True, index=True))\n"
        )
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    wrote = subprocess.run(
        [sys.executable, "-m", "migrations.write", "Users have a nickname"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert wrote.returncode == 0, wrote.stderr
    number = f"{int(history()[-1]) + 1:04}"
    (written,) = (tmp_path / "migrations" / "versions").glob(f"{number}_*.py")
    text = written.read_text(encoding="utf-8")
    assert written.name == f"{number}_users_have_a_nickname.py"
    assert 'sa.Column("nickname", sa.Text(), nullable=True)' in text
    assert "###" not in text
    assert "compatible = None\n" in text
    for check in (["check", "--no-cache"], ["format", "--check", "--no-cache"]):
        linted = subprocess.run(
            [sys.executable, "-m", "ruff", *check, str(written)], cwd=tmp_path, capture_output=True, text=True
        )
        assert linted.returncode == 0, linted.stdout


def test_without_words_it_says_what_it_needs() -> None:
    asked = subprocess.run([sys.executable, "-m", "migrations.write"], cwd=ROOT, capture_output=True, text=True)
    assert asked.returncode == 1
    assert "Say what changes" in asked.stderr
    assert "Traceback" not in asked.stderr
