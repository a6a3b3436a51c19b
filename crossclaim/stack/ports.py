"""Which port each part listens on; chosen once and remembered in the data directory."""

from __future__ import annotations

import json
import random
import socket
from collections.abc import Mapping
from pathlib import Path

from crossclaim.stack.secret import write_private
from crossclaim.stack.sentence import StackError

HOST = "127.0.0.1"
ENVIRONMENT_PREFIX = "CROSSCLAIM_PORT_"

# Those whose address people or other programs know; when taken, a person has to decide.
PUBLIC: dict[str, tuple[int, str]] = {
    "API": (8080, "the API"),
    "POSTGRES": (5442, "PostgreSQL"),
    "TEMPORAL": (7233, "the Temporal server"),
    "TEMPORAL_UI": (8233, "the Temporal UI"),
    "S3": (8333, "the object store"),
}
# Those that nobody asks for; when taken, another one is used.
INNER: dict[str, int] = {
    "TEMPORAL_METRICS": 7400,
    "TEMPORAL_HTTP": 7243,
    "VOUCHER": 8441,
    "HARBOUR_LIFE": 8442,
    "HARBOUR_BANK": 8443,
    "QUIET_BANK": 8444,
    "EHEALTH": 8451,
    "HOSPITAL_AUTHORITY": 8452,
    "OBJECTS_S3_GRPC": 7523,
    "OBJECTS_MASTER": 7510,
    "OBJECTS_MASTER_GRPC": 7520,
    "OBJECTS_VOLUME": 7511,
    "OBJECTS_VOLUME_GRPC": 7521,
    "OBJECTS_FILER": 7512,
    "OBJECTS_FILER_GRPC": 7522,
    "OBJECTS_ADMIN": 7530,
    "OBJECTS_ADMIN_GRPC": 7531,
    "HUIMIN": 8446,
    "BUREAU": 8445,
    "FAMILY_OFFICE": 8446,
    "PEARL_ASSURANCE": 8449,
    "LOTUS_MACAO": 8453,
    "ACQUIRER": 8454,
    "IDENTITY": 8455,
}
NAMES = (*PUBLIC, *INNER)
# Below the range from which systems give ports to outgoing connections.
FREE_RANGE = range(20000, 32000)
RANGE_VARIABLE = "CROSSCLAIM_PORT_RANGE"
"""``FROM-TO``: another range, so that stacks which start at once never choose alike."""


def is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def choose(
    remembered: Path, *, port_base: int | None, environment: Mapping[str, str], needed: set[str]
) -> dict[str, int]:
    """A free port for each name of ``needed``, written to ``remembered``.

    An environment variable comes first, then ``port_base`` (0: any free ones), then what was
    remembered, then the defaults. ``StackError`` names a public port that is taken.
    """
    before = _read(remembered)
    chosen: dict[str, int] = {}
    for index, name in enumerate(NAMES):
        if name not in needed:
            continue
        fixed = _from_environment(name, environment)
        wish = fixed or (port_base + index if port_base else before.get(name) or _default(name))
        if port_base == 0 and not fixed and name not in before:
            wish = 0
        if not wish or wish in chosen.values() or not is_free(wish):
            if wish and (fixed or (name in PUBLIC and port_base != 0)):
                raise _taken(name, wish)
            wish = _any_free(set(chosen.values()), _range(environment))
        chosen[name] = wish
    write_private(remembered, json.dumps(before | chosen, indent=1).encode())
    return chosen


def _default(name: str) -> int:
    return PUBLIC[name][0] if name in PUBLIC else INNER[name]


def _read(path: Path) -> dict[str, int]:
    try:
        return {str(name): int(port) for name, port in json.loads(path.read_text()).items()}
    except (FileNotFoundError, ValueError):
        return {}


def _from_environment(name: str, environment: Mapping[str, str]) -> int:
    text = environment.get(ENVIRONMENT_PREFIX + name, "")
    if not text:
        return 0
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise StackError(
            f"{ENVIRONMENT_PREFIX}{name} is not a port; give a number from 1 to 65535.",
            code="STACK_PORT_INVALID",
        )
    return int(text)


def _range(environment: Mapping[str, str]) -> range:
    text = environment.get(RANGE_VARIABLE, "")
    if not text:
        return FREE_RANGE
    first, _, last = text.partition("-")
    if not (first.isdigit() and last.isdigit() and 1024 <= int(first) < int(last) < 65536):
        raise StackError(
            f"{RANGE_VARIABLE} is not a range of ports; give it as 20000-25999.",
            code="STACK_PORT_INVALID",
        )
    return range(int(first), int(last) + 1)


def _any_free(used: set[int], among: range) -> int:
    for port in random.sample(among, min(len(among), 400)):
        if port not in used and is_free(port):
            return port
    raise StackError("No free port was found; stop some programs.", code="STACK_PORT_TAKEN")


def _taken(name: str, port: int) -> StackError:
    title = PUBLIC[name][1] if name in PUBLIC else name.lower().replace("_", " ")
    return StackError(
        f"Port {port}, which {title} needs, is taken by another program; stop that program, or "
        f"choose other ports with --port-base N or {ENVIRONMENT_PREFIX}{name}=N.",
        code="STACK_PORT_TAKEN",
    )
