"""``docker-compose.yml`` as plain processes: its variables filled in, its hosts on this machine."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from crossclaim.stack import Stack, postgres, wheel
from crossclaim.stack.ports import HOST

REPOSITORY = Path(__file__).parents[2]
VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")
# As an installed ``crossclaim`` command does it, also where the script is not installed.
OURS = [sys.executable, "-c", "from crossclaim.cli import main; main()"]


def fill_in(value: Any, variables: Mapping[str, str]) -> Any:
    """Puts in ``${NAME}``, ``${NAME:-default}`` and ``${NAME:?must be set}`` as compose does."""
    if isinstance(value, dict):
        return {key: fill_in(inner, variables) for key, inner in value.items()}
    if isinstance(value, list):
        return [fill_in(inner, variables) for inner in value]
    if not isinstance(value, str):
        return value

    def one(found: re.Match[str]) -> str:
        name, kind, rest = found.groups()
        if variables.get(name):
            return variables[name]
        if kind == "?":
            raise KeyError(f"{name}: {rest}")
        return rest or ""

    return VARIABLE.sub(one, value)


def services(variables: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    text = (REPOSITORY / "docker-compose.yml").read_text("utf-8")
    filled: dict[str, dict[str, Any]] = fill_in(yaml.safe_load(text)["services"], variables)
    return filled


def example_variables() -> dict[str, str]:
    lines = (REPOSITORY / ".env.example").read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def variables_for(stack: Stack, folder: Path, api_port: int) -> dict[str, str]:
    """What ``.env`` would hold if the engines of ``stack`` were the file's own."""
    settings = stack.settings
    passwords = {
        f"CROSSCLAIM_{role.removeprefix('crossclaim_').upper()}_PASSWORD": postgres.password_of(
            stack.home, role
        )
        for role in postgres.ROLES
    }
    return passwords | {
        "POSTGRES_PASSWORD": postgres.password_of(stack.home, postgres.SUPERUSER),
        "CROSSCLAIM_S3_ACCESS_KEY": settings.s3_access_key.get_secret_value(),
        "CROSSCLAIM_S3_SECRET_KEY": settings.s3_secret_key.get_secret_value(),
        "CROSSCLAIM_S3_MASTER_KEY": "00" * 32,
        "CROSSCLAIM_POSTGRES_HOST": f"{HOST}:{stack.ports['POSTGRES']}",
        "CROSSCLAIM_TEMPORAL_HOST": settings.temporal_address,
        "CROSSCLAIM_S3_HOST": settings.s3_endpoint.removeprefix("http://"),
        "CROSSCLAIM_KEYSTORE_DIR": str(folder / "keystore"),
        "CROSSCLAIM_PARTIES_FILE": str(folder / "data" / "parties.yaml"),
        "CROSSCLAIM_FOLDERS_FILE": str(folder / "data" / "folders.yaml"),
        "CROSSCLAIM_PUBLIC_URL": f"http://{HOST}:{api_port}",
        "CROSSCLAIM_API_HOST": HOST,
        "CROSSCLAIM_API_PORT": str(api_port),
        "CROSSCLAIM_RUN_DIR": str(folder),
        "CROSSCLAIM_SIMULATORS_DIR": str(folder / "data"),
        "CROSSCLAIM_SIMULATORS_HOST": HOST,
        "CROSSCLAIM_DEMONSTRATION": "true",
    }


def process_environment(service: Mapping[str, Any]) -> dict[str, str]:
    """The service's own environment, and of ours only what any program needs."""
    plain = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**plain, "PYTHONPATH": str(REPOSITORY), **service.get("environment", {})}


def words_of(command: list[str]) -> list[str]:
    """The command with the programs of this environment in place of the image's."""
    program, *rest = command
    if program == "crossclaim":
        return [*OURS, *rest]
    if program == "pg_isready":
        return [str(wheel.postgres_programs() / program), *rest]
    return [str(wheel.program(program, package=f"{program}-bin")), *rest]


def health_words(service: Mapping[str, Any]) -> list[str]:
    kind, *command = service["healthcheck"]["test"]
    assert kind == "CMD"
    return words_of(command)


def run(
    words: list[str], env: Mapping[str, str], timeout_s: float = 60
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words, env=dict(env), capture_output=True, text=True, timeout=timeout_s, check=False
    )
