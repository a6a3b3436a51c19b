"""What all outside parties have: state, time, journal, faults, agenda and decision tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from crossclaim.simulators.agenda import Agenda
from crossclaim.simulators.clock import Clock
from crossclaim.simulators.faults import FaultScript
from crossclaim.simulators.journal import Journal
from crossclaim.simulators.state import State, Synchronous


def load_tables(name: str) -> dict[str, Any]:
    """The decision tables that ship with the party ``name``."""
    text = files("crossclaim.simulators").joinpath("data", f"{name}.yaml").read_text("utf-8")
    tables: dict[str, Any] = yaml.safe_load(text)
    return tables


def merge(base: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """``base`` with the rows of ``patch`` in it; mappings merge, everything else is replaced."""
    merged = dict(base)
    for key, value in patch.items():
        old = merged.get(key)
        both = isinstance(old, Mapping) and isinstance(value, Mapping)
        merged[key] = merge(old, value) if both else value  # type: ignore[arg-type]
    return merged


class Party:
    """One outside party's durable self."""

    def __init__(
        self,
        folder: Path,
        defaults: dict[str, Any],
        known_faults: frozenset[str],
        party_tables: str,
        synchronous: Synchronous = "NORMAL",
    ) -> None:
        self.folder = folder
        self.state = State(folder, party_tables, synchronous)
        self.clock = Clock(self.state)
        self.journal = Journal(self.state, self.clock)
        self.faults = FaultScript(self.state, known_faults)
        self.agenda = Agenda(self.state, self.clock)
        self._defaults = defaults
        self._forget: Callable[[], None] = lambda: None
        self._load: Callable[[Mapping[str, Any]], None] = lambda rows: None
        self.tables = merge(defaults, self.state.recall("tables") or {})

    def on_tables(self, load: Callable[[Mapping[str, Any]], None]) -> None:
        """``load`` takes rows into the state: all at first and after a reset, else the changed."""
        self._load = load
        if self.state.recall("started") is None:
            with self.state.transaction():
                load(self.tables)
                self.state.remember("started", True)

    def on_reset(self, forget: Callable[[], None]) -> None:
        """``forget`` clears what the party keeps outside its state file."""
        self._forget = forget

    def merge_tables(self, patch: dict[str, Any]) -> None:
        with self.state.transaction():
            self.state.remember("tables", merge(self.state.recall("tables") or {}, patch))
            self._load(patch)
        self.tables = merge(self._defaults, self.state.recall("tables"))

    def reset(self) -> None:
        """Back to the first day; only counters go on, so that no number is given twice."""
        self._forget()
        with self.state.transaction():
            self.state.empty()
            self.state.remember("started", True)
            self.tables = dict(self._defaults)
            self._load(self.tables)
        self.clock.reload()
        self.faults.reload()
