"""A Macao resident's bill through its versions: a cover that counts in patacas."""

from __future__ import annotations

import itertools
from dataclasses import replace

from crossclaim.domain.money import Currency, counted
from crossclaim.domain.submission import SubmissionKind
from tests.flows.flow_stack import flow_reference
from tests.flows.hospital import example, varied
from tests.flows.macao_stay import LOTUS
from tests.steps.bill_cycle import Cycle
from tests.steps.examiner import Examiner
from tests.steps.rig import HOSPITAL, Rig
from tests.steps.two_insurers import delivered_plans

LIMIT = 1_800_000
"""MOP 18,000.00."""
_numbers = itertools.count(1)


class MacaoExaminer(Examiner):
    """An insurer that guarantees patacas."""

    def __init__(self) -> None:
        super().__init__()
        self.limit = counted(LIMIT, Currency.MOP)


def macao_cycle(rig: Rig) -> Cycle:
    """Discharged, with a letter; its first bill is split."""
    parts, number = example("macao-resident"), next(_numbers)
    examiners = {LOTUS: MacaoExaminer()}
    plans = delivered_plans()
    world = replace(
        rig.world, insurers=examiners, plan_shelf=lambda: plans, reference=flow_reference()
    )
    own = replace(rig, world=world)
    coverage = parts["episode"]["coverages"][0] | {"policy_number": f"LM-2026-000001-w{number}"}
    visit = {"number": f"ZY-MW-{number}"}
    submission = varied(parts["episode"], hospital=HOSPITAL, visit=visit, coverages=[coverage])
    episode, answer = own.say(SubmissionKind.EPISODE, submission)
    assert answer.status == 201, answer.body
    bill = varied(parts["bill"], number=f"F-MW-{number}", version=1)
    stay = Cycle(own, episode, bill, examiners)
    stay.ask()
    own.say(SubmissionKind.ADMISSION, parts["admission"], episode)
    own.say(SubmissionKind.DISCHARGE, parts["discharge"], episode)
    sent = stay.send(bill)
    assert sent.status == 200, sent.body
    return stay
