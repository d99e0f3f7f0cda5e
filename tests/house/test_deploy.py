"""The files in docs/deploy and the commands beside them are what systemd, compose and Schediora itself take."""

import re
import shutil
import subprocess
from configparser import RawConfigParser
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]
from schediora_cli.launch import DRAIN_SECONDS

from schediora.settings.loading import load
from tests.house.test_operating import commands, type_in
from tests.house.test_packaging import SOURCES
from tests.live import COMMAND

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "docs" / "deploy"
UNIT, COMPOSE, CONTAINERFILE = (DEPLOY / name for name in ("schediora.service", "compose.yaml", "Containerfile"))
SERVICE_KEYS = {
    *(
        "image",
        "build",
        "command",
        "environment",
        "secrets",
        "volumes",
        "ports",
        "depends_on",
        "healthcheck",
        "restart",
    ),
    *("stop_grace_period", "init", "read_only", "tmpfs", "cap_drop", "security_opt", "shm_size"),
}
"""Of the Compose Specification's keys of a service those that we use."""
CONDITIONS = {"service_started", "service_healthy", "service_completed_successfully"}


def unit() -> RawConfigParser:
    parsed = RawConfigParser(delimiters=["="], strict=False)
    parsed.optionxform = str  # type: ignore[assignment, method-assign]  # systemd's names have capitals
    parsed.read(UNIT)
    return parsed


def composed() -> dict[str, Any]:
    return dict(yaml.safe_load(COMPOSE.read_text(encoding="utf-8")))


def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    here = tmp_path / UNIT.name
    here.write_text(UNIT.read_text(encoding="utf-8").replace("/opt/schediora/bin/schediora", COMMAND))
    if shutil.which("systemd-analyze"):
        checked = subprocess.run(["systemd-analyze", "verify", here], capture_output=True, text=True, timeout=60)
        assert (checked.returncode, checked.stderr) == (0, "")


def test_the_unit_restarts_drains_and_keeps_to_itself() -> None:
    service = unit()["Service"]
    wanted = {
        "Restart": "always",
        "ExecReload": "/bin/kill -USR2 $MAINPID",
        "ProtectSystem": "strict",
        "NoNewPrivileges": "yes",
        "CapabilityBoundingSet": "",
        "StateDirectory": "schediora",
    }
    assert {name: service[name] for name in wanted} == wanted
    assert float(service["TimeoutStopSec"]) > DRAIN_SECONDS + 5
    written = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    settings = re.search(r"/dev/stdin (\S+) <<END", written)
    assert settings is not None
    assert service["ExecStart"].split() == ["/opt/schediora/bin/schediora", "serve", "--config", settings[1]]


def test_the_settings_file_beside_the_unit_is_one_that_production_serves_with(tmp_path: Path) -> None:
    heredoc = re.search(r"<<END\n(.*?)^END\n", commands("Under systemd"), re.DOTALL | re.MULTILINE)
    assert heredoc is not None
    type_in(tmp_path, f"cat > schediora.toml <<END\n{heredoc[1]}END\n")
    settings = load(tmp_path / "schediora.toml", serving=True).settings
    assert settings.production
    assert settings.on_postgres
    assert str(settings.data_dir) == f"/var/lib/{unit()['Service']['StateDirectory']}"


def test_the_services_of_the_compose_file_refer_to_what_is_there() -> None:
    whole = composed()
    services = whole["services"]
    missed = []
    for name, service in services.items():
        missed += [f"{name}: {key}" for key in service.keys() - SERVICE_KEYS]
        missed += [
            f"{name}: secret {secret}" for secret in service.get("secrets", []) if secret not in whole["secrets"]
        ]
        mounts = [mount.partition(":")[0] for mount in service.get("volumes", [])]
        missed += [f"{name}: volume {volume}" for volume in mounts if volume not in whole["volumes"]]
        for other, how in service.get("depends_on", {}).items():
            healthy = how["condition"] != "service_healthy" or "healthcheck" in services.get(other, {})
            if other not in services or how["condition"] not in CONDITIONS or not healthy:
                missed.append(f"{name}: {other}")
    assert missed == []
    build = services["schediora"]["build"]
    assert (DEPLOY / build["context"]).resolve() == ROOT
    assert (ROOT / build["dockerfile"]) == CONTAINERFILE
    assert float(services["schediora"]["stop_grace_period"].removesuffix("s")) > DRAIN_SECONDS + 5


def test_the_settings_of_the_compose_file_are_ones_that_production_serves_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    type_in(tmp_path, commands("In a container"))
    whole = composed()
    for name, value in whole["services"]["schediora"]["environment"].items():
        monkeypatch.setenv(name, value.replace("/run/secrets", str(tmp_path / "secrets")))
    settings = load(overrides={"data_dir": tmp_path}, serving=True).settings
    password = (tmp_path / "secrets" / "postgres_password").read_text()
    assert settings.database_url == f"postgresql://schediora:{password}@postgres/schediora"
    assert settings.production
    assert {secret["file"] for secret in whole["secrets"].values()} == {
        f"secrets/{file.name}" for file in (tmp_path / "secrets").iterdir()
    }
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700


def test_the_image_gets_all_that_an_installation_is_made_of() -> None:
    words = [line.split() for line in CONTAINERFILE.read_text(encoding="utf-8").splitlines() if line[:4] == "COPY"]
    copied = {word for _, *sources, _ in words for word in sources}
    assert copied == {"pyproject.toml", "constraints.txt", "README.md", *SOURCES.values()}
