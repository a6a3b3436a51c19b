"""The faults of a soak: which party spoils what, and how often.

The shares are those that a soak promises: 5 % time-outs after acceptance, 2 % returns, 5 %
pended, 1 % told twice, 2 % executed late. What a line strikes is drawn from something that the
seed decides (a policy, an account, an amount), never from our own references, which are new in
every run.
"""

from __future__ import annotations

from typing import Any

LOST_ANSWERS, PENDED, TOLD_TWICE, RETURNED, LATE = 0.05, 0.05, 0.01, 0.02, 0.02
LATE_S = 5.0
RETURN_AFTER_S = 3.0
PENDED_S = 3.0

Line = dict[str, Any]


def faults_of(seed: int, times_as_often: float = 1.0) -> dict[str, list[Line]]:
    """Party → its script, with the shares multiplied."""

    def line(fault: str, share: float, by: str, match: Line, **more: Any) -> Line:
        often = min(share * times_as_often, 0.999)
        drawn = {"fault": fault, "share": often, "by": by, "seed": seed, "times": -1}
        return {**drawn, "match": match, **more}

    insurer = [
        line("timeout_after_accept", LOST_ANSWERS, "policy_number", {"operation": operation})
        for operation in ("preauthorization", "claim")
    ]
    insurer += [
        line("pend", PENDED, "policy_number", {"operation": "claim"}, delay_s=PENDED_S),
        line("callback_twice", TOLD_TWICE, "policy_number", {"operation": "claim"}),
    ]
    payment = {"operation": "payment"}
    bank = [
        line("late", LATE, "amount", payment, delay_s=LATE_S),
        line("return_after_s", RETURNED, "amount", payment, delay_s=RETURN_AFTER_S, reason="AC04"),
        line("confirm_twice", TOLD_TWICE, "amount", payment),
    ]
    return {
        "harbour-life": insurer,
        "harbour-bank": bank,
        "quiet-bank": bank,
        "voucher": [
            line("accepted_answer_lost", LOST_ANSWERS, "account", {"operation": "claim"}),
            line("error_500", TOLD_TWICE, "account", {"operation": "claim"}),
        ],
        "bureau": [
            line("accepted_answer_lost", LOST_ANSWERS, "person", {"infno": "2207"}),
            line("error_500", TOLD_TWICE, "person", {"infno": "2206"}),
        ],
    }
