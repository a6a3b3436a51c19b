"""What an older program's rule files lack, filled in as that program read them; only files that are
stored are read so. A new file without it is refused."""

from __future__ import annotations

from crossclaim.domain.plan import DatedValue, Parameter, Plan, Source, Unit
from crossclaim.domain.submission import FunderKind
from crossclaim.domain.unstated_use import PREFIX, UnstatedUse, counted, key_of
from crossclaim.plans.reading import PlanReader

SOURCE = "older-program"
TOLD = Source(
    title="Reading of the terms where their sources are silent",
    reference="docs/rules.md, insurer",
)


def with_unstated_use(plan: Plan, reader: PlanReader) -> Plan:
    """Before an insurer's plan said what an unstated counter means, it counted as nothing used."""
    if plan.funder is not FunderKind.INSURER:
        return plan
    if any(key.split(".")[0] == PREFIX for key in plan.parameters):
        return plan
    filled: dict[str, Parameter] = {}
    for name, used_up in counted(plan.parameters).items():
        first = min(plan.parameters[key].values[0].since for key in used_up)
        filled[key_of(name)] = Parameter(
            key=key_of(name),
            unit=Unit.CODE,
            values=(DatedValue(since=first, value=UnstatedUse.FORECAST_NONE.value),),
            source=SOURCE,
            last_reviewed=plan.last_reviewed,
            assumption=True,
        )
        reader.lines[key_of(name)] = reader.lines[used_up[0]]
    return plan.model_copy(
        update={
            "parameters": plan.parameters | filled,
            "sources": plan.sources | {SOURCE: TOLD} if filled else plan.sources,
        }
    )
