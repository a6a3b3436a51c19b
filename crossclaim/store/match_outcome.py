"""What an order to the matching comes to when it cannot be done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crossclaim.domain.allocation import Fault


def refused(faults: Sequence[Fault]) -> dict[str, Any]:
    return {
        "status": 422,
        "body": {
            "code": faults[0].code if len(faults) == 1 else "MATCH_REFUSED",
            "errors": [one.model_dump(mode="json") for one in faults],
        },
    }
