"""The outside parties of the demonstration, each a process that imports nothing of ours."""

from __future__ import annotations

import ssl
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from crossclaim.stack import parties
from crossclaim.stack.home import Home
from crossclaim.stack.nursery import Nursery, nursery_of
from crossclaim.stack.ports import HOST
from crossclaim.stack.process import Command
from crossclaim.stack.tls import Certificates

MODULES = (
    {
        "voucher": "voucher",
        "bureau": "bureau",
        "huimin": "huimin",
        "acquirer": "acquirer",
        parties.FAMILY_OFFICE: "family_office",
    }
    | dict.fromkeys(parties.INSURERS_THERE, "insurer")
    | dict.fromkeys(parties.BANKS, "bank")
    | dict.fromkeys(parties.RECORD_SYSTEMS, "ehealth")
)
PORT_NAMES = (
    {
        "voucher": "VOUCHER",
        "bureau": "BUREAU",
        "huimin": "HUIMIN",
        "acquirer": "ACQUIRER",
        parties.FAMILY_OFFICE: "FAMILY_OFFICE",
    }
    | parties.INSURERS_THERE
    | parties.BANKS
    | parties.RECORD_SYSTEMS
)


def urls(ports: Mapping[str, int]) -> dict[str, str]:
    """The address of each party; its control calls are under ``/_control``."""
    return {
        name: f"https://{HOST}:{ports[port_name]}"
        for name, port_name in PORT_NAMES.items()
        if port_name in ports
    }


@dataclass(frozen=True)
class Surroundings:
    """What the simulators are told about where they stand."""

    certificates: Certificates
    callback_url: str
    """Our API as they see it."""
    listen: str = HOST
    latency_s: float = 0.0
    """Added to each answer."""


def nursery() -> Nursery:
    """Where the parties are born; they have their libraries in common and nothing else."""
    return nursery_of(
        *(f"crossclaim.simulators.{module}.__main__" for module in sorted(set(MODULES.values())))
    )


def commands(
    home: Home, ports: Mapping[str, int], env: Mapping[str, str], around: Surroundings
) -> list[Command]:
    foreign = {k: v for k, v in env.items() if not k.startswith("CROSSCLAIM_")}
    return [
        Command(
            name=name,
            title=f"The simulator {name}",
            argv=(
                sys.executable,
                "-m",
                f"crossclaim.simulators.{MODULES[name]}",
                *_arguments(home, name, ports, around),
            ),
            env=foreign,
            log_file=home.logs / f"{name}.log",
            ready=_answers(f"{url}/_control/health", around.certificates),
            stop_timeout_s=10,
            origin=nursery(),
        )
        for name, url in urls(ports).items()
    ]


def _arguments(home: Home, name: str, ports: Mapping[str, int], around: Surroundings) -> list[str]:
    data = home.simulators / name
    data.mkdir(exist_ok=True)
    words = [
        f"--data={data}",
        f"--host={around.listen}",
        f"--port={ports[PORT_NAMES[name]]}",
        f"--tls-cert={around.certificates.certificate}",
        f"--tls-key={around.certificates.key}",
        f"--latency-s={around.latency_s}",
    ]
    if name in parties.BANKS:
        return [*words, f"--profile={name}", f"--folder={home.bank / name}"]
    words.append(f"--api-key={parties.api_key(home, name)}")
    if name in (parties.BUREAU, parties.ACQUIRER):
        words.append(f"--signing-secret={parties.signing_secret(home, name)}")
    if name in parties.RECORD_SYSTEMS:
        words.append(f"--profile={name}")
    if name in parties.INSURERS_THERE:
        words.append(f"--insurer={name}")
    if name in (*parties.INSURERS_THERE, parties.FAMILY_OFFICE):
        words.append(f"--callback-secret={parties.callback_secret(home, name)}")
        words.append(f"--callback-url={around.callback_url}")
    return words


def _answers(url: str, certificates: Certificates) -> Callable[[], bool]:
    def ready() -> bool:
        trust = ssl.create_default_context(cafile=str(certificates.authority))
        try:
            with urllib.request.urlopen(url, timeout=2, context=trust) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    return ready
