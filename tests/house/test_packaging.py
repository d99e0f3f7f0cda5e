"""What is installed is what is here, and what it stands on is pinned."""

import fnmatch
import re
import tomllib
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SETUPTOOLS = PROJECT["tool"]["setuptools"]
SOURCES = {"schediora": "schediora", "schediora_cli": "cli", "schediora_migrations": "migrations"}
PINS = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
PIN = re.compile(r"([A-Za-z0-9._-]+)==[0-9][A-Za-z0-9.+]*( ; [a-z_]+ [<>=!]+ \"[\w.]+\")?")


def _folder(package: str) -> Path:
    top, _, rest = package.partition(".")
    return ROOT.joinpath(SOURCES[top], *rest.split(".") if rest else ())


def test_every_package_is_listed() -> None:
    found = {
        ".".join((top, *file.parent.relative_to(ROOT / folder).parts))
        for top, folder in SOURCES.items()
        for file in (ROOT / folder).rglob("__init__.py")
    }
    assert found == set(SETUPTOOLS["packages"])


def test_every_folder_with_code_is_a_package() -> None:
    folders = {file.parent for folder in SOURCES.values() for file in (ROOT / folder).rglob("*.py")}
    assert folders == {_folder(package) for package in SETUPTOOLS["packages"]}


def test_every_data_file_is_installed() -> None:
    installed = {
        file
        for package, patterns in SETUPTOOLS["package-data"].items()
        for pattern in patterns
        for file in _folder(package).glob(pattern)
    }
    here = {
        file
        for folder in SOURCES.values()
        for file in (ROOT / folder).rglob("*")
        if file.is_file() and file.suffix not in (".py", ".pyc") and "/." not in str(file.relative_to(ROOT))
    }
    assert here == installed


def test_packages_and_folders_are_mapped_alike() -> None:
    mapped = {package: folder for package, folder in SOURCES.items() if package != folder}
    assert {package: SETUPTOOLS["package-dir"][package] for package in mapped} == mapped


def test_nothing_but_schediora_lands_in_site_packages() -> None:
    assert all(fnmatch.fnmatch(package, "schediora*") for package in SETUPTOOLS["packages"])


def test_constraints_are_plain_pins() -> None:
    lines = [line for line in PINS if line and not line.startswith("#")]
    assert [line for line in lines if not PIN.fullmatch(line)] == []
    names = [canonicalize_name(line.split("==")[0]) for line in lines]
    assert len(names) == len(set(names))


def test_everything_that_is_needed_is_pinned() -> None:
    pinned = {canonicalize_name(line.split("==")[0]) for line in PINS if "==" in line}
    extras = PROJECT["project"]["optional-dependencies"]
    named = [*PROJECT["project"]["dependencies"], *(line for extra in extras.values() for line in extra)]
    assert {canonicalize_name(Requirement(line).name) for line in named} <= pinned
    tested = [*PROJECT["project"]["dependencies"], *extras["test"]]
    assert _closure([Requirement(line) for line in tested]) <= pinned


def _closure(requirements: list[Requirement]) -> set[str]:
    """Return the names of `requirements` and of all that they require in turn, as installed here."""
    found: set[tuple[str, str]] = set()
    while requirements:
        requirement = requirements.pop()
        name = canonicalize_name(requirement.name)
        for extra in ("", *requirement.extras):
            if (name, extra) in found:
                continue
            found.add((name, extra))
            needs = map(Requirement, distribution(name).requires or [])
            requirements += [need for need in needs if not need.marker or need.marker.evaluate({"extra": extra})]
    return {name for name, _ in found}


def test_the_licences_of_the_libraries_that_ask_for_it_ship_along() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    folder = ROOT / "schediora" / "licenses"
    texts = [(folder / name).read_text(encoding="utf-8") for name in ("LGPL-3.0.txt", "GPL-3.0.txt")]
    assert all("GNU" in text and "Version 3, 29 June 2007" in text for text in texts)
    assert "schediora/licenses/*.txt" in PROJECT["project"]["license-files"]
    of_lists = (folder / "common-passwords.txt").read_text(encoding="utf-8")
    head = (ROOT / "schediora" / "auth" / "common_passwords.txt").read_text(encoding="utf-8").partition("\n!")[0]
    for holder in ("Django Software Foundation", "Daniel Wolf"):
        assert holder in of_lists
        assert holder in head
    assert "schediora/licenses/common-passwords.txt" in readme
    for name in ("recurring-ical-events", "x-wr-timezone", "psycopg"):
        assert "LGPL-3.0" in (distribution(name).read_text("METADATA") or "")
        assert f"`{name}`" in readme
