"""Where settings are said: the file, the environment and the command line, each read once."""

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PREFIX = "SCHEDIORA_"
FILE_SUFFIX = "_FILE"
TESTS_OWN = "SCHEDIORA_TEST_"

_MOST_SECRET_BYTES = 64 * 1024
_PORT = r"(.+_)?PORT_\d+_(TCP|UDP|SCTP)"
_SERVICE_LINKS = {
    rf"(.+_)?PORT|{_PORT}": r"(tcp|udp|sctp)://\S+:\d+",
    rf"{_PORT}_PROTO": r"tcp|udp|sctp",
    rf"{_PORT}_PORT|(.+_)?SERVICE_PORT(_.+)?": r"\d+",
    rf"{_PORT}_ADDR|(.+_)?SERVICE_HOST": r"[\da-fA-F.:]+",
}
"""The forms of the variables by which Kubernetes tells of its services, without our prefix, and of their values
(Kubernetes' documentation, "Service", "Environment variables"): `SCHEDIORA_PORT=tcp://10.0.0.1:8000` is about a service
that is called `schediora`."""


@dataclass(frozen=True, slots=True)
class Said:
    """What one source says of a setting, and which it is: `command line`, a variable, or a file's line."""

    value: object
    origin: str


class Sources:
    """What the sources say, by dotted name; a source that is added later wins. What is wrong with them is collected as
    sentences, so that all of it can be told at once.
    """

    def __init__(self, names: tuple[str, ...], *, secrets: frozenset[str]) -> None:
        self.said: dict[str, Said] = {}
        self.faults: list[str] = []
        self._names = names
        self._secrets = secrets

    def origin(self, name: str) -> str:
        """Return where the setting's value comes from; `default` when no source names it."""
        return self.said[name].origin if name in self.said else "default"

    def fault(self, name: str, reason: str) -> str:
        """Return the sentence that says what is wrong with a setting, and where."""
        return _wrong(name, self.origin(name), reason)

    def add_file(self, path: Path, *, required: bool) -> None:
        """Take what the TOML file says; one that is not there is a fault only when it is `required`."""
        text = self._text(path, required=required)
        try:
            tree = tomllib.loads(text)
        except tomllib.TOMLDecodeError as problem:
            self.faults.append(f"The settings file {path} is not valid TOML: {problem}{_near(problem, text)}.")
            return
        lines = _lines(text)
        for name, value in _flat(tree, self._names):
            said = Said(value, f"{path} line {_line(name, lines)}")
            if name in self._names:
                self.said[name] = said
            else:
                reason = f"it is a table; write [{name}] and its settings below" if self._is_table(name) else None
                self.faults.append(_wrong(name, said.origin, reason or "there is no such setting"))

    def add_environment(self, environ: Mapping[str, str]) -> None:
        """Take what the variables say: `SCHEDIORA_SECTION__NAME`, and for secrets the files that
        `SCHEDIORA_SECTION__NAME_FILE` names.
        """
        variables = {PREFIX + name.upper().replace(".", "__"): name for name in self._names}
        files = {variable + FILE_SUFFIX: name for variable, name in variables.items() if name in self._secrets}
        found: dict[str, Said] = {}
        for variable, value in environ.items():
            upper = variable.upper()
            if not upper.startswith(PREFIX) or upper.startswith(TESTS_OWN):
                continue
            name = variables.get(upper) or files.get(upper)
            if name is None:
                if not _is_service_link(upper.removeprefix(PREFIX), value):
                    self.faults.append(_unknown(variable, [*variables, *files]))
            elif name in found:
                self.faults.append(f"Both {found[name].origin} and {variable} are set; unset one of them.")
            elif upper in variables:
                found[name] = Said(value, variable)
            elif (content := self._secret(variable, value)) is not None:
                found[name] = Said(content, variable)
        self.said |= found

    def add_command_line(self, given: Mapping[str, object]) -> None:
        """Take the options' values by the names of their settings; None means not given."""
        self.said |= {name: Said(value, "command line") for name, value in given.items() if value is not None}

    def _is_table(self, name: str) -> bool:
        return any(known.startswith(f"{name}.") for known in self._names)

    def _text(self, path: Path, *, required: bool) -> str:
        try:
            return path.read_text(encoding="utf-8-sig")  # editors on Windows begin a file with a BOM
        except FileNotFoundError:
            if required:
                self.faults.append(f"There is no settings file {path}; check the path given with --config.")
        except OSError as problem:
            self.faults.append(f"The settings file {path} cannot be read: {problem.strerror}.")
        except UnicodeDecodeError:
            self.faults.append(f"The settings file {path} cannot be read: it is not UTF-8 text; save it as UTF-8.")
        return ""

    def _secret(self, variable: str, path: str) -> str | None:
        """Return what stands in the file that a variable names, whatever its mode: it is the operator's."""
        try:
            with open(path.strip(), "rb") as file:
                content = file.read(_MOST_SECRET_BYTES + 1)
            text = content.decode("utf-8-sig")
        except OSError as problem:
            fault = f"cannot be read: {problem.strerror}"
        except UnicodeDecodeError:
            fault = "holds no UTF-8 text"
        else:
            if text.strip() and len(content) <= _MOST_SECRET_BYTES:
                return text
            fault = "is too large for a secret" if text.strip() else "is empty"
        # Without its name: whoever gave the secret itself in place of a file's name would find it in the log.
        self.faults.append(f"The file that {variable} names {fault}.")
        return None


def nested(flat: Mapping[str, object]) -> dict[str, Any]:
    """Return nested tables from dotted names."""
    tree: dict[str, Any] = {}
    for name, value in flat.items():
        *parents, leaf = name.split(".")
        node = tree
        for parent in parents:
            node = node.setdefault(parent, {})
        node[leaf] = value
    return tree


def _flat(tree: Mapping[str, Any], names: tuple[str, ...], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every leaf of nested tables with its dotted name; an empty table is one unless it may hold settings."""
    for key, value in tree.items():
        name = prefix + key
        if isinstance(value, Mapping) and (value or any(known.startswith(f"{name}.") for known in names)):
            yield from _flat(value, names, f"{name}.")
        else:
            yield name, value


def _wrong(name: str, origin: str, reason: str) -> str:
    return f"The setting {name} ({origin}) is wrong: {reason}."


def _unknown(variable: str, known: list[str]) -> str:
    close = difflib.get_close_matches(variable.upper(), known, n=1, cutoff=0.8)
    advice = f"did you mean {close[0]}?" if close else "unset it."
    return f"The environment variable {variable} names no setting; {advice}"


def _is_service_link(name: str, value: str) -> bool:
    return any(re.fullmatch(names, name) and re.fullmatch(values, value) for names, values in _SERVICE_LINKS.items())


def _lines(text: str) -> dict[str, int]:
    """Return the line of `text` (from 1) on which each dotted name begins."""
    lines: dict[str, int] = {}
    table: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if header := re.match(r"\s*\[{1,2}([^\]]+)\]", line):
            name = table = _parts(header[1])
        elif key := re.match(r"\s*([\w.\-\"' ]+?)\s*=", line):
            name = [*table, *_parts(key[1])]
        else:
            continue
        lines.setdefault(".".join(name), number)
    return lines


def _line(name: str, lines: Mapping[str, int]) -> int:
    """Return the line of the dotted `name`, or of the table that it is written in."""
    while name not in lines and "." in name:
        name = name.rpartition(".")[0]
    return lines.get(name, 1)


def _parts(dotted: str) -> list[str]:
    return [part.strip(" \"'") for part in dotted.split(".")]


def _near(problem: tomllib.TOMLDecodeError, text: str) -> str:
    """Return which key a syntax error is near, as far as that can be told."""
    at = re.search(r"at line (\d+)", str(problem))
    lines = text.splitlines()
    if at is None or int(at[1]) > len(lines):
        return ""
    key = re.match(r"\s*([\w.-]+)\s*=", lines[int(at[1]) - 1])
    return f", near {key[1]}" if key else ""
