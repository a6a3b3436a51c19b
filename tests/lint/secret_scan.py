"""detect-secrets over every tracked file, against the demonstration values that are named.

The detectors are those of what this house could hold: private keys, tokens, credentials of the
object store, passwords in addresses and settings, and whatever looks random.
"""

from __future__ import annotations

import multiprocessing
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml
from detect_secrets.core.scan import scan_file
from detect_secrets.settings import transient_settings

KNOWN = Path(__file__).with_name("known.yaml")
DETECTORS: list[dict[str, Any]] = [
    {"name": "PrivateKeyDetector"},
    {"name": "JwtTokenDetector"},
    {"name": "AWSKeyDetector"},
    {"name": "BasicAuthDetector"},
    {"name": "GitHubTokenDetector"},
    {"name": "KeywordDetector"},
    {"name": "Base64HighEntropyString", "limit": 4.5},
    {"name": "HexHighEntropyString", "limit": 3.0},
]
WORTH_A_LOOK = re.compile(
    r"""["'](?:(?=[^"']*[0-9A-Z])[\w+/=-]{23,}|[0-9a-fA-F]{8,})["']|://[^\s/]*@|BEGIN|eyJ|AKIA|gh[opsu]_"""
    r"""|(?i:key|secret|pass|pwd|token|credential)\w*["']?\]?(?::\s*\w+)?\s*(?:=>|:=|[=:])\s*[frb]?["']"""
)
"""What no line of a Python file can do without that a detector stops at; so most are read once."""
Found = tuple[str, int, str, str]
"""File, line, kind, value."""


def tracked() -> list[str]:
    done = subprocess.run(["git", "ls-files", "-z"], capture_output=True, check=True)
    return [name for name in done.stdout.decode().split("\0") if name and Path(name).is_file()]


def secrets_of(files: Iterable[str]) -> list[Found]:
    with transient_settings({"plugins_used": DETECTORS}):
        return [
            (file, one.line_number, one.type, one.secret_value or "")
            for file in files
            if not file.endswith(".py") or WORTH_A_LOOK.search(Path(file).read_text("utf-8"))
            for one in scan_file(file)
        ]


def unnamed(found: Iterable[Found], known: dict[str, Any]) -> list[str]:
    named = {value for group in known["values"] for value in group["values"]}
    return [f"{file}:{line}: {kind}" for file, line, kind, value in found if value not in named]


def scanned(files: list[str], known: dict[str, Any]) -> list[str]:
    left_out = re.compile("|".join(group["pattern"] for group in known["files"]))
    return [file for file in files if not left_out.search(file)]


def main() -> None:
    known = yaml.safe_load(KNOWN.read_text("utf-8"))["secrets"]
    files = scanned(tracked(), known)
    parts = [files[start::8] for start in range(8)]
    with multiprocessing.Pool(2) as pool:
        found = [one for part in pool.map(secrets_of, parts) for one in part]
    lines = unnamed(sorted(found), known)
    if lines:
        raise SystemExit("\n".join([*lines, f"take it out, or name it in {KNOWN.name}"]))


if __name__ == "__main__":
    main()
