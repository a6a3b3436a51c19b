"""Scenario E5 from consent to credit: decided there or here, with and without a limit."""

from __future__ import annotations

import pytest

from tests.flows.hospital import Hospital, tender_of, totals
from tests.flows.inpatient_stay import (
    ADMITTED,
    AT_DISCHARGE,
    DISCHARGED,
    HERE,
    HERE_LIMITED,
    HERE_POLICY,
    PATIENT_ACCOUNT,
    THERE,
    THERE_LIMITED,
    InpatientStay,
)
from tests.flows.money import ledger
from tests.flows.simulator import Simulator

HOSPITAL_ACCOUNT = "6200000000000005"


@pytest.mark.parametrize(
    ("insurer_id", "policy"), [(THERE, ""), (HERE, HERE_POLICY)], ids=["there", "here"]
)
def test_the_insurer_pays_its_part_to_the_hospital_and_the_guarantee_is_released(
    insurer_id: str, policy: str, shenzhen: Hospital, insurer: Simulator, bank: Simulator
) -> None:
    stay = InpatientStay(shenzhen, HERE, policy) if policy else InpatientStay.there(shenzhen)
    episode = stay.open()
    limit = {"guarantee:" + insurer_id + ":reserved": 4000000}
    rows = episode.wait("guarantees", state="granted", limit_minor=4000000)
    assert ledger(rows) == {**limit, "guarantee:" + insurer_id + ":committed": -4000000}
    episode.say("admission", ADMITTED)
    assert episode.say("bills", stay.interim)["forecast"] is True
    episode.say("discharge", DISCHARGED)
    split = episode.say("bills", stay.bill)
    assert totals(split) == {"insurer": "31040.33", "patient": "20810.17"}
    assert split["later_reimbursement"] is None
    episode.say("tenders", tender_of(stay.bill, "20810.17", AT_DISCHARGE))
    rows = episode.closed()
    (claim,), (payout,), (guarantee,) = rows["claims"], rows["payouts"], rows["guarantees"]
    # Excluded lines make the decision a partial one, here as there.
    assert (claim["state"], claim["benefit_minor"]) == ("partial", 3392386)
    assert (payout["state"], payout["amount_minor"], payout["orders"]) == ("credited", 3104033, 1)
    assert guarantee["state"] == "released"
    assert ledger(rows) == {}
    assert rows["exceptions"] == []
    (paid,) = bank.journal("executed", reference=payout["reference"])
    assert (paid["amount"], paid["creditor_account"]) == ("31040.33", HOSPITAL_ACCOUNT)


@pytest.mark.parametrize(
    ("insurer_id", "policy"),
    [(THERE, THERE_LIMITED), (HERE, HERE_LIMITED)],
    ids=["there", "here"],
)
def test_beyond_the_guarantees_limit_the_patient_pays_first_and_is_reimbursed_later(
    insurer_id: str, policy: str, shenzhen: Hospital, insurer: Simulator, bank: Simulator
) -> None:
    stay = InpatientStay(shenzhen, insurer_id, policy)
    episode = stay.until_discharge()
    split = episode.say("bills", stay.bill)
    assert totals(split) == {"insurer": "27450.00", "patient": "24400.50"}
    assert split["later_reimbursement"]["amount"]["amount"] == "3590.33"
    episode.say("tenders", tender_of(stay.bill, "24400.50", AT_DISCHARGE))
    rows = episode.closed()
    assert ledger(rows) == {}
    assert episode.say("reimbursements", stay.reimbursement())["expected"]["amount"] == "3590.33"
    rows = episode.wait("payouts", payee="patient", state="credited")
    rows = episode.closed()
    assert sorted(p["amount_minor"] for p in rows["payouts"]) == [359033, 2745000]
    assert ledger(rows) == {}
    assert rows["exceptions"] == []
    later = next(p for p in rows["payouts"] if p["payee"] == "patient")
    (paid,) = bank.journal("executed", reference=later["reference"])
    assert (paid["amount"], paid["creditor_account"]) == ("3590.33", PATIENT_ACCOUNT)
