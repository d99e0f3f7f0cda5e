"""Where each setting was said: which sources there are, and which of them named it."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schediora.errors import SetupError

PREFIX = "SCHEDIORA_"
TESTS_OWN = "SCHEDIORA_TEST_"


@dataclass(frozen=True, slots=True)
class Sources:
    """What the command line, the environment and the file `path` name, each by dotted name."""

    given: Mapping[str, object]
    variables: Mapping[str, str]
    path: Path
    text: str

    @classmethod
    def read(
        cls,
        path: Path,
        *,
        required: bool,
        given: Mapping[str, object],
        environ: Mapping[str, str],
        known: tuple[str, ...],
    ) -> "Sources":
        """Look through the sources; raise SetupError for an unreadable file or a variable that names no setting."""
        sources = cls(given, _variables(environ, known), path, _read(path, required=required))
        _parse(path, sources.text)
        return sources

    def origin(self, name: str) -> str:
        """Return where the setting's value comes from: `command line`, a variable, a file's line, or `default`."""
        if name in self.given:
            return "command line"
        if name in self.variables:
            return self.variables[name]
        if any(key == name or key.startswith(f"{name}.") for key, _ in flatten(_parse(self.path, self.text))):
            return f"{self.path} line {_line(name, self.text)}"
        return "default"


def flatten(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every leaf of nested tables with its dotted name."""
    for name, value in tree.items():
        if isinstance(value, Mapping):
            yield from flatten(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value


def nest(flat: Mapping[str, object]) -> dict[str, Any]:
    """Return nested tables from dotted names."""
    tree: dict[str, Any] = {}
    for name, value in flat.items():
        *parents, leaf = name.split(".")
        node = tree
        for parent in parents:
            node = node.setdefault(parent, {})
        node[leaf] = value
    return tree


def _read(path: Path, *, required: bool) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        if required:
            raise SetupError(f"There is no settings file {path}; check the path given with --config.") from None
        return ""
    except (OSError, UnicodeDecodeError) as problem:
        raise SetupError(
            f"The settings file {path} cannot be read: {getattr(problem, 'strerror', 'not UTF-8 text')}."
        ) from None


def _parse(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        at = re.search(r"at line (\d+)", str(problem))
        key = re.match(r"\s*([\w.-]+)\s*=", text.splitlines()[int(at[1]) - 1]) if at else None
        near = f", near {key[1]}" if key else ""
        raise SetupError(f"The settings file {path} is not valid TOML: {problem}{near}.") from None


def _variables(environ: Mapping[str, str], settings: tuple[str, ...]) -> dict[str, str]:
    """Return each set variable by its setting's dotted name; raise SetupError for one that names no setting."""
    known = {PREFIX + name.upper().replace(".", "__"): name for name in settings}
    found = {}
    for variable in environ:
        upper = variable.upper()
        if not upper.startswith(PREFIX) or upper.startswith(TESTS_OWN):
            continue
        if upper not in known:
            raise SetupError(
                f"The environment variable {variable} names no setting; `schediora config` lists them all."
            )
        found[known[upper]] = variable
    return found


def _line(name: str, text: str) -> int:
    """Return the line of `text` (from 1) on which the dotted `name` is set."""
    *section, key = name.split(".")
    current: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if header := re.match(r"\s*\[\s*([^\]]+?)\s*\]", line):
            current = [part.strip(" \"'") for part in header[1].split(".")]
            if current == [*section, key]:
                return number
        elif (current == section and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", line)) or (
            not current and re.match(rf"\s*{re.escape(name)}\s*=", line)
        ):
            return number
    return 1
