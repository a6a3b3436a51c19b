"""A payout is taken back, the bank pays all the same, and two keys end what it contradicts."""

from __future__ import annotations

from tests.flows.hospital import Hospital
from tests.flows.money import ledger
from tests.flows.patience import until
from tests.flows.simulator import Simulator
from tests.flows.test_bank_statement_flow import stated
from tests.flows.test_paper_claims import OTHER_ACCOUNT, payout_of, sent
from tests.steps.paper_claims import INSURER, claim

LONG_S = 3600


def test_a_recalled_payout_that_was_made_after_all_is_booked_by_two_keys_and_paid_once(
    victoria: Hospital, examiner: Hospital, bank: Simulator
) -> None:
    bank.faults(
        {"match": {"account": OTHER_ACCOUNT}, "fault": "late", "delay_s": LONG_S},
        {"match": {"operation": "recall"}, "fault": "executes_anyway"},
    )
    account = {**claim()["account"], "number": OTHER_ACCOUNT}
    episode, answer = sent(victoria, claim(account=account))
    reference = payout_of(answer)
    until(
        lambda: [p for p in episode.rows()["payouts"] if p["state"] in ("sent", "unknown")],
        "the order",
    )
    asked = {
        "number": "RC-1",
        "payout_reference": reference,
        "reason": "DUPL",
        "asked_at": "2026-04-14T11:00:00+08:00",
    }
    assert episode.say("payout-recalls", asked)["status"] == "asked"
    episode.wait("payouts", state="cancelled")

    bank.later(LONG_S)

    def contradicted() -> bool:
        return "PAYOUT_CREDITED_AFTER_CLOSE" in episode.exceptions()

    until(contradicted, "the credit after the cancellation")
    bank.order("/statement", {})
    (entry,) = stated(victoria, reference, 1)
    found = {
        "number": "F-1",
        "payout_reference": reference,
        "outcome": "paid",
        "bank_entry": entry["id"],
        "evidence": "the bank's letter",
        "found_at": "2026-04-17T10:00:00+08:00",
    }
    episode.say("payout-findings", found)
    word = {
        "number": "F-1",
        "payout_reference": reference,
        "approved": True,
        "decided_at": "2026-04-17T11:00:00+08:00",
        "reason": "compared with the statement",
    }
    path = f"{episode.path}/payout-finding-decisions"
    assert victoria.refused(path, word) == ["PAYOUT_SECOND_KEY"]
    assert examiner.say(path, word)["outcome"] == "paid"
    rows = episode.closed()
    assert [(p["state"], p["recall"]) for p in rows["payouts"]] == [("credited", "accepted")]
    assert ledger(rows) == {f"funder:insurer:{INSURER}:due": -362, f"fx:drift:{INSURER}": 362}
    assert len(bank.journal("executed", reference=reference)) == 1
    told = victoria.get(f"{episode.path}/story").json()["story"]
    text = " ".join(line["text"] for line in told)
    for sentence in (
        f"Asked Harbour Bank to cancel payout {reference}",
        f"Harbour Bank has cancelled payout {reference}",
        f"found that payout {reference} was paid: entry {entry['id']}",
        f"A second key confirmed what was found about payout {reference}",
    ):
        assert sentence in text
