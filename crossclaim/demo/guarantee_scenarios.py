"""A letter of guarantee that is raised: more than the rules may promise, so a person decides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crossclaim.demo.example_file import ExampleFile
from crossclaim.demo.script import HOSPITAL_INPATIENT, WHOLE_STAY, Run, Step, Until, numbered

INSURER = "kowloon-mutual"
EXAMINER = f"{INSURER}.examiner"


def guarantee_raised() -> Run:
    file = ExampleFile("episode-1-guarantee")
    steps: tuple[Step, ...] = (
        *WHOLE_STAY[:2],
        file.send("Asks for more than the rules may promise", "guarantee-requests", "request"),
        Until("A person at the insurer has it", _asked, learns={"{request}": _reference}),
        file.send(
            "The insurer's person raises it", "guarantee-decisions", "decision", sender=EXAMINER
        ),
        *WHOLE_STAY[2:],
    )
    return Run(
        "inpatient-raised",
        "Inpatient, a letter of guarantee that is raised",
        "The plan changes: HKD 30,000 become 40,000 by a person's word; the bill uses 33,923.86.",
        HOSPITAL_INPATIENT,
        steps,
        INSURER,
        numbered("-G", INSURER, "KM-2025-000054-G"),
    )


def _asked(found: Mapping[str, Any]) -> bool:
    return bool(found["guarantee_requests"])


def _reference(found: Mapping[str, Any]) -> str:
    return str(found["guarantee_requests"][0]["reference"])
