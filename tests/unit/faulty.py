"""Submissions to break: fresh copies of the examples, the reference data, and a stay."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import yaml

from crossclaim.domain.fault_context import Context
from crossclaim.domain.faults import read_submission
from crossclaim.domain.reference import Reference
from crossclaim.domain.stay import Stay
from crossclaim.domain.submission import EncounterClass, SubmissionKind

EXAMPLES = Path(__file__).parents[2] / "examples"
REFERENCE = Reference.model_validate(yaml.safe_load((EXAMPLES / "reference.yaml").read_text()))

STAY = Stay(
    hospital="hku-szh",
    encounter_class=EncounterClass.INPATIENT,
    birth_date=date(1968, 3, 12),
    admitted_at=datetime(2026, 3, 11, 1, 30, tzinfo=UTC),
    discharged_at=datetime(2026, 3, 14, 3, 0, tzinfo=UTC),
)
CONTEXT = Context(received_at=datetime(2026, 11, 21, tzinfo=UTC))
IN_STAY = CONTEXT.model_copy(update={"stay": STAY})


def example(name: str) -> Any:
    return json.loads((EXAMPLES / f"{name}.json").read_text())


def found(
    kind: SubmissionKind, raw: Any, context: Context = CONTEXT, reference: Reference = REFERENCE
) -> set[tuple[str, str]]:
    """(pointer, code) of every fault."""
    faults = read_submission(kind, raw, reference, context).faults
    told = [(fault.pointer, fault.code) for fault in faults]
    assert len(told) == len(set(told)), "a fault was told twice"
    return set(told)
