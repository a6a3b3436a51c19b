"""When money that is ordered now is expected at the payee, by a rail's hours and holidays. Pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.calendar import public_holidays
from crossclaim.domain.plan import PlanAt, Unknown
from crossclaim.domain.stay import REGION_ZONE

OUT_OF_HOURS = "out_of_hours"
CLOSED_DAY = "closed_day"
_LONGEST_CLOSED_DAYS = 30


class Forecast(Frozen):
    """``at`` is None where the plan cannot tell; ``causes``: what moved it."""

    at: datetime | None = None
    causes: list[str] = []
    keys: list[str] = []


def told_local(moment: datetime) -> str:
    return f"{moment.astimezone(REGION_ZONE):%Y-%m-%d %H:%M}"


def expected_credit(plan: PlanAt, rail: str, at: datetime) -> Forecast:
    """From the rail's next opening on; a rail without hours is always open."""
    here = f"rails.{rail}"
    takes = plan.find(f"{here}.takes")
    if takes is None or takes.value is None or isinstance(takes.value, Unknown):
        return Forecast()
    keys = [f"{here}.{name}" for name in ("takes", "opens", "closes", "closed_on")]
    keys = [key for key in keys if plan.find(key)]
    begins, causes = _opening(plan, here, at.astimezone(REGION_ZONE))
    ready = begins + timedelta(hours=plan.count(f"{here}.takes"))
    ends, more = _opening(plan, here, ready)
    told = list(dict.fromkeys([*causes, *more]))
    return Forecast(at=ends.astimezone(at.tzinfo), causes=told, keys=keys)


def _opening(plan: PlanAt, here: str, moment: datetime) -> tuple[datetime, list[str]]:
    """The moment itself while the rail is open, else its next opening, and why."""
    opens = _hour(plan, f"{here}.opens", 0)
    closes = _hour(plan, f"{here}.closes", 24)
    regions = plan.codes(f"{here}.closed_on") if plan.find(f"{here}.closed_on") else ()
    causes: list[str] = []
    for _ in range(_LONGEST_CLOSED_DAYS):
        morning = datetime.combine(moment.date(), time(), tzinfo=moment.tzinfo)
        if _closed(moment, regions):
            causes.append(CLOSED_DAY)
        elif moment >= morning + timedelta(hours=closes):
            causes.append(OUT_OF_HOURS)
        elif moment < morning + timedelta(hours=opens):
            # A day that was closed has told its cause already.
            causes += [] if causes else [OUT_OF_HOURS]
            return morning + timedelta(hours=opens), causes
        else:
            return moment, causes
        moment = morning + timedelta(days=1)
    return moment, causes


def _hour(plan: PlanAt, key: str, always: int) -> int:
    return plan.count(key) if plan.find(key) else always


def _closed(moment: datetime, regions: tuple[str, ...]) -> bool:
    day = moment.date()
    weekend = bool(regions) and day.weekday() >= 5
    return weekend or any(day in public_holidays(region, day, day) for region in regions)
