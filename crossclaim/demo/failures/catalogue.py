"""The catalogue of failures as ``examples/failures.yaml`` has it, checked when it is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field

from crossclaim.domain.reference import Names

FILE = "failures.yaml"


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Expected(_Entry):
    """How the episode, or the binding, has to stand. Amounts are decimal texts."""

    state: str
    exceptions: list[str] = []
    """Codes of those that are open, in order."""
    waits: str = ""
    """Code of what it waits for; empty when it is closed."""
    claims: list[str] = []
    payouts: list[str] = []
    ledger: dict[str, str] = {}
    """Account and currency → what is left there, without the zeros."""


class Failure(_Entry):
    """One failure of one system in real life."""

    name: str
    system: str
    happens: str
    """What fails, in one sentence."""
    switched_on: str
    """Where: simulator and fault, or what is submitted."""
    ends: str
    """What staff does, and how it ends when the party is well again."""
    reads: str = ""
    """What staff reads beside exceptions and waits, or where nobody has to do anything."""
    failing: Expected | None = None
    """While it fails; nothing where nobody has to do anything."""
    ended: Expected


class Catalogue(_Entry):
    systems: dict[str, Names]
    """By id, in the order in which they are played and listed."""
    failures: list[Failure] = Field(min_length=1)

    def of(self, system: str) -> list[Failure]:
        return [failure for failure in self.failures if failure.system == system]


def read_catalogue(examples: Path) -> Catalogue:
    """Raises pydantic's error when the file is not as it should be."""
    content: Any = yaml.safe_load((examples / FILE).read_text(encoding="utf-8"))
    return Catalogue.model_validate(content)
