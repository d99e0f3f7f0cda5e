"""The settings, the signing key, and who else can read what lies in files."""

import os
import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pydantic import SecretStr

from schediora.auth.keys import KEY_FILE
from schediora.data_dir import exposed
from schediora.doctor.finding import Finding, ok, reason, warning, wrong
from schediora.settings.safety import refusals, warnings
from schediora.settings.signing_key import HOW_TO_MAKE_ONE, MINIMUM_BYTES, guessable
from schediora.settings.values import Settings, secret_names, value_of
from schediora.settings.web_origin import EVERY

_EVERYBODY_ELSE = 0o077


def settings_findings(settings: Settings, origins: Mapping[str, str]) -> Iterator[Finding]:
    """Look at settings that can be read: what production refuses, and what is unwise."""
    refused = refusals(settings)
    for name, why in refused.items():
        yield wrong("settings", f"The setting {name} ({origins[name]}) is wrong: {why}.")
    for name, sentence in warnings(settings).items():
        yield warning("settings", f"The setting {name} ({origins[name]}): {sentence}")
    if settings.production and not settings.limits.enabled:
        yield warning("settings", "Passwords can be guessed as fast as they are hashed: set limits.enabled = true.")
    if not refused:
        usual = Settings()
        own = [name for name in origins if value_of(settings, name) != value_of(usual, name)]
        which = f"Other than by default are {', '.join(own)}" if own else "All are at their defaults"
        yield ok("settings", f"{which}.")
    if "auth.secret_key" not in refused:
        yield _signing_key(settings)
    if "cors.origins" not in refused:
        yield from _web_pages(settings)


def _signing_key(settings: Settings) -> Finding:
    named = settings.auth.secret_key.get_secret_value().strip()
    if named:
        where, key = "auth.secret_key", named
    else:
        path = settings.data_dir / KEY_FILE
        where = str(path)
        try:
            key = path.read_bytes().strip().decode("utf-8", "replace")
        except (FileNotFoundError, NotADirectoryError):
            return ok("signing key", f"There is none yet; the first start makes one up in {path}.")
        except OSError as problem:
            return wrong("signing key", f"{path} cannot be read ({reason(problem)}); let its owner run Schediora.")
    if len(key.encode()) < MINIMUM_BYTES:
        return wrong(
            "signing key",
            f"{where} is damaged, as it has fewer than {MINIMUM_BYTES} bytes; restore it, or delete it to have a new "
            "one made, which signs everybody out.",
        )
    if guessable(key):
        return warning(
            "signing key",
            f"{where} can be guessed, so tokens can be forged; put it into auth.previous_secret_keys and "
            f"{HOW_TO_MAKE_ONE}",
        )
    return ok("signing key", f"{where} is long enough and cannot be guessed; keep a copy of it with the backups.")


def _web_pages(settings: Settings) -> Iterator[Finding]:
    origins = settings.cors.origins
    plain = [
        origin
        for origin in origins
        if settings.production and origin.startswith("http://") and not origin.startswith("http://localhost")
    ]
    if EVERY in origins:
        yield warning("web pages", "Every web page may call; name their origins in cors.origins before production.")
    elif plain:
        yield warning(
            "web pages",
            f"What pages of {', '.join(plain)} send crosses the network readable to everybody on the way; serve them "
            "by https and write their origins so.",
        )
    elif origins:
        yield ok("web pages", f"Besides our own, pages of {', '.join(origins)} may call.")
    else:
        yield ok("web pages", "No page but our own may call; name others in cors.origins.")


def file_findings(settings: Settings, origins: Mapping[str, str], names: Sequence[str]) -> Iterator[Finding]:
    """Look at the data directory, in which files called like `names` (patterns) are ours, and at settings files."""
    folder = settings.data_dir
    others_read = exposed(folder, names)
    if others_read:
        listed = [str(path) for path in others_read]
        yield warning(
            "files",
            f"Others can read {', '.join(listed)}; the next start closes them, or run: chmod go= {shlex.join(listed)}",
        )
    nearest = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    if not nearest.is_dir():
        yield wrong("files", f"{nearest} is no folder; choose another data directory with --data-dir.")
    elif not os.access(nearest, os.W_OK | os.X_OK):
        yield wrong("files", f"{nearest} cannot be written; choose another data directory with --data-dir or chown it.")
    elif not others_read:
        state = "is ours alone" if folder.exists() else "is made at the first start"
        yield ok("files", f"The data directory {folder} {state}.")
    yield from _settings_files(settings, origins)


def _settings_files(settings: Settings, origins: Mapping[str, str]) -> Iterator[Finding]:
    """A secret that stands in a settings file is as secret as the file; those that `_FILE` names are the operator's."""
    found: dict[str, list[str]] = {}
    for name in sorted(secret_names()):
        path, is_file, _ = origins[name].rpartition(" line ")
        if is_file and value_of(settings, name) not in (SecretStr(""), ()):
            found.setdefault(path, []).append(name)
    for file, secrets in found.items():
        if Path(file).stat().st_mode & _EVERYBODY_ELSE:
            yield warning("files", f"Others can read {file}, which holds {', '.join(secrets)}; run: chmod go= {file}")
