"""The whole bill cycle with two insurers and the patient; the books are read at every step."""

from __future__ import annotations

import pytest

from crossclaim.domain.submission import SubmissionKind
from tests.steps.bill_cycle import DRUG, Cycle
from tests.steps.rig import HARBOUR, MUTUAL, Rig
from tests.steps.two_insurers import first_there, paid, second_here

BILLS = "hospital:hku-szh:bills"


def cycle(rig: Rig, year: int = 3) -> Cycle:
    stay = Cycle.opened(rig, [first_there(), second_here(year)])
    assert isinstance(stay, Cycle)
    return stay


def test_the_whole_cycle(rig: Rig) -> None:
    stay = cycle(rig)
    lines = stay.bill["lines"]
    interim = stay.send(stay.version(1, lines[:2], "interim"))
    assert interim.status == 200, interim.body
    draft = stay.send(stay.version(2, lines, "draft"))
    assert (draft.body["kind"], draft.body["forecast"]) == ("draft", True)
    assert (stay.row(1).state, stay.row(2).state) == ("current", "draft")
    assert stay.books() == {}
    final = stay.send(stay.version(3, lines))
    print(paid(final.split))
    print(stay.books())
    stay.decided(HARBOUR)
    stay.decided(MUTUAL)
    stay.pays(3, "2590.00")
    stay.credited()
    assert stay.books() == {}
    print(stay.standing().waiting_for, stay.standing().guarantee_release_due)
    late = stay.correct("late_charge", 3, [*lines, DRUG])
    print(late.body)
    print(paid(late.split))
    print(stay.books())
    stay.decided(HARBOUR)
    stay.decided(MUTUAL)
    print(stay.reserve(), stay.books())
    stay.credited()
    print(stay.books())
