"""What deploy/ starts is what the console script and Dagster know, and its settings are those that are read."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from fs_pipeline.arguments import read_arguments
from tools.try_image import steps

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
ENV = "/srv/fs/env/bin/"


def unit(path: Path) -> configparser.ConfigParser:
    parsed = configparser.ConfigParser(interpolation=None, strict=False)
    parsed.optionxform = str  # type: ignore[assignment, method-assign]
    parsed.read(path, encoding="utf-8")
    return parsed


@pytest.mark.parametrize("path", [path for path in UNITS if path.suffix == ".service"], ids=lambda path: path.stem)
def test_a_unit_runs_a_command_that_exists_as_nobody_s_root(path: Path) -> None:
    service = unit(path)["Service"]
    started = service["ExecStart"]
    assert started.startswith(ENV)
    program, *arguments = started.removeprefix(ENV).split()
    if program == "fs-pipeline":
        read_arguments(arguments)
    else:
        assert program in {"dagster-webserver", "dagster-daemon"}
        assert "fs_pipeline.definitions" in arguments
    assert (service["User"], service["NoNewPrivileges"], service["ProtectSystem"]) == ("fs", "yes", "strict")
    assert "/srv/fs" in service["ReadWritePaths"].split()


def test_each_timer_has_its_service_and_telling_is_well_within_five_minutes() -> None:
    names = {path.name for path in UNITS}
    timers = [path for path in UNITS if path.suffix == ".timer"]
    assert {path.stem for path in timers} == {"fs-pipeline-tell", "fs-pipeline-backup"}
    assert all(f"{path.stem}.service" in names for path in timers)
    assert unit(DEPLOY / "systemd" / "fs-pipeline-tell.timer")["Timer"]["OnUnitInactiveSec"] == "1min"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_finds_nothing_to_say_but_that_nothing_is_installed_here() -> None:
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, UNITS)], capture_output=True, text=True, check=False
    )
    said = [line for line in done.stderr.splitlines() if "is not executable" not in line]
    assert said == []


def test_compose_runs_what_exists_with_nothing_to_write_to_but_its_volumes() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]
    assert set(services) == {"web", "daemon", "tell", "backup"}
    for service in services.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        command = " ".join(service.get("command", []))
        for found in re.findall(r"fs-pipeline,? ([a-z]+)", command):
            read_arguments([found])
    assert "dagster-daemon liveness-check" in services["daemon"]["healthcheck"]["test"][1]
    assert services["web"]["ports"] == ["127.0.0.1:3000:3000"]


def test_the_image_is_nobody_s_root_and_takes_no_package_without_its_hash() -> None:
    found = list(steps((DEPLOY / "Containerfile").read_text(encoding="utf-8")))
    assert ("USER", "10001:10001") in found
    installs = [rest for name, rest in found if name == "RUN" and "pip install" in rest]
    assert all("--require-hashes" in rest or "--no-deps" in rest for rest in installs)
    assert len(installs) == 2
    assert any(name == "HEALTHCHECK" for name, _ in found)


def test_each_setting_of_the_environment_file_is_read_somewhere() -> None:
    text = (DEPLOY / "fs-pipeline.env").read_text(encoding="utf-8")
    names = re.findall(r"^(?:# )?(FS_[A-Z_]+)=", text, re.MULTILINE)
    assert len(names) > 5
    code = "\n".join(
        (DEPLOY.parent / "fs_pipeline" / name).read_text() for name in ("settings.py", "telling/channels.py")
    )
    assert [name for name in names if name not in code] == []
