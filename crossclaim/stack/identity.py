"""The development identity provider as a part of the stack, and the people who may use it."""

from __future__ import annotations

import sys
import urllib.error
import urllib.request
from collections.abc import Mapping

from crossclaim.stack.home import Home
from crossclaim.stack.ports import HOST
from crossclaim.stack.process import Command

NAME = "identity"
CLIENT_ID = "crossclaim"


def issuer(ports: Mapping[str, int]) -> str:
    """Empty where this stack has no provider."""
    return f"http://{HOST}:{ports['IDENTITY']}" if "IDENTITY" in ports else ""


def command(
    home: Home, ports: Mapping[str, int], env: Mapping[str, str], public_url: str
) -> Command:
    data = home.simulators / NAME
    data.mkdir(parents=True, exist_ok=True)
    return Command(
        name=NAME,
        title="The development identity provider",
        argv=(
            sys.executable,
            "-m",
            "crossclaim.simulators.identity",
            f"--data={data}",
            f"--host={HOST}",
            f"--port={ports['IDENTITY']}",
            f"--client-id={CLIENT_ID}",
            f"--redirect-uri={public_url}/sign-in/back",
        ),
        env={k: v for k, v in env.items() if not k.startswith("CROSSCLAIM_")},
        log_file=home.logs / f"{NAME}.log",
        ready=lambda: _answers(f"{issuer(ports)}/_control/health"),
        stop_timeout_s=10,
    )


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
