"""What funders have decided of a request, as one answer to it."""

from __future__ import annotations

from collections.abc import Sequence

from crossclaim.domain.hcx import CLAIM, PREAUTH, PREDETERMINATION
from crossclaim.fhir.datatypes import Resource, organisation
from crossclaim.gateways import strict_json

DECISIONS_MAX = 100
USES = {CLAIM: "claim", PREAUTH: "preauthorization", PREDETERMINATION: "predetermination"}
"""Action of the exchange → ``Claim.use``."""


def decision_text(found: Sequence[Resource], action: str, insurer: str | None) -> str | None:
    """Of the answers to such requests: one of them, or a Bundle; None while one has not decided.

    ``insurer``: the only one whose word counts, where the request went to one.
    """
    told = [one for one in found if one.get("use") == USES[action]]
    if insurer is not None:
        own = organisation(insurer)["identifier"]
        told = [one for one in told if one.get("insurer", {}).get("identifier") == own]
    if not told or any(one.get("outcome") == "queued" for one in told):
        return None
    if len(told) == 1:
        return strict_json.dumps(told[0]).decode()
    entries = [{"resource": one} for one in told]
    whole = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    return strict_json.dumps(whole).decode()
