"""What can be ordered about an episode on its repair pages, and the message that each form is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from crossclaim.domain.repair_submission import CancelReason, HoldReason, SkipReason
from crossclaim.domain.stay import REGION_ZONE
from crossclaim.domain.submission import SubmissionKind
from crossclaim.security.roles import Operation

Form = Mapping[str, str]


@dataclass(frozen=True)
class Act:
    """``kind`` is None for what is done with the engine alone. Words: ``repair_NAME…``."""

    name: str
    operation: Operation
    kind: SubmissionKind | None
    word: Callable[[Form], dict[str, Any]]
    reasons: tuple[str, ...] = ()
    needs: tuple[str, ...] = ("text",)
    """Fields that are said to be missing before anything else is judged."""


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _hold(form: Form) -> dict[str, Any]:
    word = {
        "number": form.get("number", ""),
        "reason": form.get("reason", ""),
        "note": form.get("text", ""),
        "asked_at": _now(),
        "at_end": form.get("at_end", "remind"),
    }
    if until := form.get("until", "").strip():
        word["until"] = _moment(until)
    return word


def _moment(given: str) -> str:
    """A browser's local date and time is the region's; what is none is refused as it was typed."""
    try:
        return datetime.fromisoformat(given).replace(tzinfo=REGION_ZONE).isoformat()
    except ValueError:
        return given


def _release(form: Form) -> dict[str, Any]:
    return {"hold": form.get("number", ""), "note": form.get("text", ""), "asked_at": _now()}


def _cancel(form: Form) -> dict[str, Any]:
    return {
        "number": form.get("number", ""),
        "effect": form.get("effect", ""),
        "reason": form.get("reason", ""),
        "note": form.get("text", ""),
        "asked_at": _now(),
    }


def _skip(form: Form) -> dict[str, Any]:
    step, _, subject = form.get("step", "").partition("/")
    return {
        "number": form.get("number", ""),
        "step": step,
        "subject": subject,
        "reason": form.get("reason", ""),
        "note": form.get("text", ""),
        "asked_at": _now(),
    }


def _decide(form: Form) -> dict[str, Any]:
    return {
        "number": form.get("number", ""),
        "approved": form.get("word") == "agree",
        "note": form.get("text", ""),
        "decided_at": _now(),
    }


def _account(form: Form) -> dict[str, Any]:
    number = re.sub(r"[\s-]", "", form.get("account", ""))
    return {
        "number": form.get("number", ""),
        "payout_reference": form.get("payout", ""),
        "account": {
            "holder": form.get("holder", ""),
            "number": number,
            "bank_name": form.get("bank_name", ""),
            "bank_code": form.get("bank_code", ""),
        },
        "signed_at": _moment(form.get("signed", "")),
    }


def _nothing(form: Form) -> dict[str, Any]:
    return {}


_K = SubmissionKind
_O = Operation

ACTS: Mapping[str, Act] = {
    act.name: act
    for act in (
        Act("hold", _O.HOLD_EPISODE, _K.HOLD, _hold, tuple(r.value for r in HoldReason)),
        Act("release", _O.RELEASE_EPISODE, _K.RELEASE, _release),
        Act("account", _O.PROPOSE_PAYEE_ACCOUNT, _K.PAYEE_ACCOUNT, _account, (), ("payout",)),
        Act("again", _O.TRY_AGAIN_NOW, None, _nothing),
        Act("skip", _O.PROPOSE_SKIP, _K.SKIP, _skip, tuple(r.value for r in SkipReason)),
        Act("decide", _O.DECIDE_SKIP, _K.SKIP_DECISION, _decide),
        Act("reset", _O.RESET_EPISODE, None, _nothing),
        Act(
            "cancel",
            _O.CANCEL_EPISODE,
            _K.EPISODE_CANCELLATION,
            _cancel,
            tuple(r.value for r in CancelReason),
        ),
    )
}
"""From the mildest to the gravest."""
