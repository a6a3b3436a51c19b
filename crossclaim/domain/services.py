"""Service types around a visit: which funder may be asked for which, and through which channel.

``service-types.yaml`` says for each funder ``own_rules`` (its own plan decides), a code that
refuses, or that nobody knows, which asks a person. A visit without a service type is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator

from crossclaim.domain.allocation import BillFacts, Fault
from crossclaim.domain.plan import PlanAt, PlanSet, Unknown
from crossclaim.domain.sentences import Reason
from crossclaim.domain.sentences_services import ServiceReason
from crossclaim.domain.step_faults import step_fault
from crossclaim.domain.submission import Visit
from crossclaim.domain.trace import fault
from crossclaim.domain.voucher import service_day

SERVICES_PLAN = "service-types"
OWN_RULES = "own_rules"


def service_faults(facts: BillFacts, plans: PlanSet) -> Iterator[Fault]:
    """Funders of the bill that do not pay this service, or of which nobody knows it."""
    service, dated = facts.episode.visit.service, plans.find(SERVICES_PLAN)
    if service is None or dated is None:
        return
    plan = dated.on(service_day(facts))
    for index, coverage in facts.claimed:
        key = f"services.{service.value}.{coverage.funder.value}"
        rule, pointer = plan.find(key), f"/episode/coverages/{index}"
        if rule is None or rule.value == OWN_RULES:
            continue
        if isinstance(rule.value, Unknown):
            words = {"rule": rule.name, "on": plan.on}
            yield fault(Reason.RULE_NEEDS_PERSON, pointer, **words)
        else:
            yield fault(ServiceReason(plan.code(key)), pointer, service=service.value)


def channel_faults(visit: Visit, plan: PlanAt) -> Iterator[Fault]:
    """A service that is offered through some channels only, judged when its episode opens."""
    if visit.service is None:
        return
    key = f"services.{visit.service.value}.channels"
    rule = plan.find(key)
    if rule is None or not isinstance(rule.value, tuple) or visit.channel in rule.value:
        return
    words = {"service": visit.service.value, "channels": ", ".join(rule.value)}
    yield step_fault("SERVICE_OTHER_CHANNEL", "/visit/channel", **words)
