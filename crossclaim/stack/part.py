"""What the embedded stack can be made of."""

from __future__ import annotations

from enum import StrEnum


class Part(StrEnum):
    """One part; several of them may run as more than one process."""

    POSTGRES = "postgres"
    TEMPORAL = "temporal"
    OBJECTS = "objects"
    SIMULATORS = "simulators"
    WORKERS = "workers"
    API = "api"
    IDENTITY = "identity"
    """The development identity provider: for whoever wants to sign in on this machine."""
    FOLDERS = "folders"
    """The watch over files that organisations leave: for whoever uses this stack."""


ENGINES = frozenset({Part.POSTGRES, Part.TEMPORAL, Part.OBJECTS})
ALL = frozenset(Part) - {Part.IDENTITY, Part.FOLDERS}
