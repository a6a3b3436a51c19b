"""What of an insurer's answer may stand in the open: codes and amounts, never its own words."""

from __future__ import annotations

import re

from crossclaim.domain.party import ClaimAnswer

OTHER_CURRENCY = "OTHER_CURRENCY"
"""Why an answer is not used: its amounts are not in what the cover counts in."""
_OUR_SHAPE = re.compile(r"[A-Z0-9_]{1,64}")
_PARTY_SHAPE = re.compile(r"[A-Za-z0-9_.-]{1,64}")


def coded(text: str) -> str:
    """A disposition that is a code, as ``NOT_IN_FORCE``; nothing of any other."""
    return text if _OUR_SHAPE.fullmatch(text) else ""


def party_code(text: str) -> str:
    """A code of a party's own code system, as ``not-found``; nothing of any sentence."""
    return text if _PARTY_SHAPE.fullmatch(text) else ""


def decision_in_codes(answer: ClaimAnswer) -> ClaimAnswer:
    """The decision without free text: its figures and numbers stay as they are."""
    lines = [
        line.model_copy(update={"reasons": [r for r in line.reasons if party_code(r)]})
        for line in answer.lines
    ]
    return answer.model_copy(update={"disposition": coded(answer.disposition), "lines": lines})
