"""Every setting is shown at its default and explained, in the file that ships and in the README."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from schediora.settings.loading import load
from schediora.settings.values import setting_names

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "schediora.toml"


def test_the_shipped_file_holds_every_setting_at_its_default(tmp_path: Path) -> None:
    empty = tmp_path / "empty.toml"
    empty.touch()
    shipped = load(SHIPPED)
    assert shipped.settings.model_dump() == load(empty).settings.model_dump()
    assert [name for name, origin in shipped.origins.items() if not origin.startswith(str(SHIPPED))] == []


def test_the_shipped_file_explains_every_setting() -> None:
    lines = SHIPPED.read_text(encoding="utf-8").splitlines()
    settings = [number for number, line in enumerate(lines) if "=" in line and not line.startswith("#")]
    assert len(settings) == len(setting_names())
    assert [lines[number] for number in settings if not lines[number - 1].startswith("# ")] == []


def test_the_shipped_file_is_in_the_settings_order() -> None:
    shipped = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    flat = [
        f"{name}.{key}" if isinstance(value, dict) else name
        for name, value in shipped.items()
        for key in (value if isinstance(value, dict) else ("",))
    ]
    assert tuple(flat) == setting_names()


@pytest.mark.parametrize("name", setting_names())
def test_the_readme_lists_the_setting(name: str) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    variable = "SCHEDIORA_" + name.upper().replace(".", "__")
    default: Any = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    for part in name.split("."):
        default = default[part]
    if isinstance(default, list):
        default = ",".join(default) or "none"
    if isinstance(default, bool):
        default = str(default).lower()
    shown = default if default == "none" else f"`{default}`" if default != "" else "empty"
    assert f"| `{name}` | `{variable}` | {shown} |" in readme
