"""The run of ``crossclaim demo --all`` in which an insurer asks for documents of a claim."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crossclaim.demo.example_file import ExampleFile
from crossclaim.demo.script import Closed, Run, Send, Until, Upload


def _asked(found: Mapping[str, Any]) -> bool:
    return bool(found["information_requests"])


def _first_request(found: Mapping[str, Any]) -> str:
    return str(found["information_requests"][0]["id"])


def _first_claim(found: Mapping[str, Any]) -> str:
    return str(found["claims"][0]["id"])


def papers_asked(insurer: str) -> Run:
    """A claim with papers that lacks two: one comes, one was never issued."""
    file = ExampleFile("claim-papers-asked")
    learns = {"{request}": _first_request, "{claim}": _first_claim}
    listed = ("INFORMATION_ALREADY_ASKED",)
    steps = (
        Send("Insurer sends the claim and asks", "/v1/claims", "claim-papers-asked.json#claim"),
        Until("The claim waits for two documents", _asked, learns=learns),
        file.send("Refused: the same once more", "information-requests", "request", *listed),
        Upload("The report comes", "discharge-summary.pdf", "other"),
        file.send("It answers the first", "information-answers", "report"),
        file.send("The second was never issued", "information-answers", "referral"),
        Closed(payouts=1, title="Decided by itself, credit in RMB"),
    )
    about = "The insurer asks for two documents; the claim waits, and goes on with the last one."
    return Run("papers-asked", "Claim with documents asked for", about, insurer, steps)
