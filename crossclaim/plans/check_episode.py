"""What the keys of a plan about payouts or withdrawn consents must have together."""

from __future__ import annotations

from crossclaim.domain.plan import Parameter, Plan
from crossclaim.plans.reading import PlanReader, known_words

_APART = (
    ("refusals.stop", "refusals.inquire", "refusals.new_account", "refusals.again"),
    ("withdrawal.stops_insurer", "withdrawal.blocks_access"),
)
"""Lists of which no two may hold one code: it would have two meanings."""
_TOGETHER = (
    ("rails.order", "split"),
    ("clock.due", "clock.pauses_in"),
    ("refusals.again", "refusals.again_after"),
    ("refusals.again", "refusals.again_times"),
    ("withdrawal.stops_insurer", "withdrawal.suspended"),
    ("withdrawal.stops_insurer", "withdrawal.sent_before"),
    ("withdrawal.stops_insurer", "after_approval.sends"),
    ("withdrawal.stops_insurer", "retention.outpatient"),
    ("withdrawal.stops_insurer", "retention.inpatient"),
    ("appeals.levels", "appeals.warn_before"),
    ("request.needs", "request.window"),
    ("request.needs", "request.code_valid"),
    ("request.needs", "request.answer_within"),
    ("direct_link.needs", "request.needs"),
    ("deposit.needs", "deposit.due"),
    ("substitute.below", "substitute.minor"),
    ("substitute.below", "substitute.incapable"),
)


def check_episode(plan: Plan, reader: PlanReader) -> None:
    """Adds a fault for each code of two meanings, rail without payers and missing companion."""
    for lists in _APART:
        _check_apart([p for key in lists if (p := plan.parameters.get(key))], reader)
    wanted = list(_TOGETHER)
    order = plan.parameters.get("rails.order")
    rails = dict.fromkeys(known_words(order)) if order else {}
    wanted += [("rails.order", f"rails.{rail}.payers") for rail in rails]
    levels = plan.parameters.get("appeals.levels")
    for level in range(1, _most(levels) + 1 if levels else 1):
        for what in ("lodge_within", "decide_within"):
            wanted.append(("appeals.levels", f"appeals.level_{level}.{what}"))
    for key, other in wanted:
        if key in plan.parameters and other not in plan.parameters:
            reason = f"is missing beside {key}"
            reader.fault(reader.lines[key], f"parameters.{other}", reason, "a value or unknown")


def _most(levels: Parameter) -> int:
    """The highest count of levels that any day has."""
    known = (dated.value for dated in levels.values)
    return max((value for value in known if type(value) is int), default=0)


def _check_apart(lists: list[Parameter], reader: PlanReader) -> None:
    owner: dict[str, str] = {}
    for parameter in lists:
        for code in dict.fromkeys(known_words(parameter)):
            first = owner.setdefault(code, parameter.key)
            if first != parameter.key:
                key, reason = f"parameters.{parameter.key}", f"{code} stands under {first} too"
                reader.fault(reader.lines[parameter.key], key, reason, "each code in one list")
