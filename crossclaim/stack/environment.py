"""The environment that the stack hands to its children: every address and credential of ours."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from crossclaim.config import Settings
from crossclaim.stack import identity, objects, postgres, temporal
from crossclaim.stack.home import Home
from crossclaim.stack.ports import HOST

ROOMS = ("workflows", "activities", "workers", "crossclaim")


def outside() -> dict[str, str]:
    """The environment that this process was given."""
    return dict(os.environ)


def settings_of(home: Home, ports: Mapping[str, int], workers: int) -> dict[str, str]:
    """``CROSSCLAIM_*`` for any process of ours that is to use this stack."""
    found: dict[str, object] = {
        "DATA_DIR": home.root,
        "KEYSTORE_DIR": home.keystore,
        "PARTIES_FILE": home.parties_file,
        "FOLDERS_FILE": home.root / "folders.yaml",
        "DEMONSTRATION": "true",
        "BUILD_ID": build_id(),
        "WORKERS": workers,
    }
    if "POSTGRES" in ports:
        for setting, role in (
            ("DATABASE_URL", "crossclaim_app"),
            ("DATABASE_WORKER_URL", "crossclaim_worker"),
            ("DATABASE_OWNER_URL", "crossclaim_owner"),
            ("DATABASE_READER_URL", "crossclaim_reader"),
        ):
            found[setting] = postgres.url(home, ports["POSTGRES"], role)
    if "TEMPORAL" in ports:
        found["TEMPORAL_ADDRESS"] = f"{HOST}:{ports['TEMPORAL']}"
        found["TEMPORAL_NAMESPACE"] = temporal.NAMESPACE
        found["TEMPORAL_UI_URL"] = f"http://{HOST}:{ports['TEMPORAL_UI']}"
        # Of use only where the decoder is switched on.
        found["CODEC_ORIGIN"] = found["TEMPORAL_UI_URL"]
    if "S3" in ports:
        found["S3_ENDPOINT"] = f"http://{HOST}:{ports['S3']}"
        found["S3_REGION"] = objects.REGION
        found["S3_BUCKET"] = objects.BUCKET
        found["S3_ACCESS_KEY"] = objects.access_key(home)
        found["S3_SECRET_KEY"] = objects.secret_key(home)
    if "API" in ports:
        found["API_HOST"] = HOST
        found["API_PORT"] = ports["API"]
        found["PUBLIC_URL"] = f"http://{HOST}:{ports['API']}"
    if issuer := identity.issuer(ports):
        found["OIDC_ISSUER"] = issuer
        found["OIDC_CLIENT_ID"] = identity.CLIENT_ID
    return {f"CROSSCLAIM_{name}": str(value) for name, value in found.items()}


def build_id() -> str:
    """Names the code that runs: the same for the same sources, another after a pull."""
    digest = hashlib.sha256()
    for room in ROOMS:
        spec = find_spec(room)
        for place in (spec.submodule_search_locations or ()) if spec else ():
            for file in sorted(Path(place).rglob("*.py")):
                digest.update(str(file.relative_to(place)).encode() + b"\0" + file.read_bytes())
    return f"src-{digest.hexdigest()[:12]}"


def fields(env: Mapping[str, str]) -> dict[str, str]:
    """The settings among environment variables, by the names of their fields."""
    prefix = "CROSSCLAIM_"
    named = {name: prefix + name.upper() for name in Settings.model_fields}
    return {name: env[variable] for name, variable in named.items() if variable in env}
