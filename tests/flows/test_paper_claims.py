"""An insurer's claims with papers, from its key to RMB on the member's mainland account."""

from __future__ import annotations

from tests.flows.hospital import Body, Episode, Hospital, cny, varied
from tests.flows.money import ledger
from tests.flows.simulator import Simulator
from tests.steps.paper_claims import INSURER, claim, e6_papers, ebill

OTHER_ACCOUNT = "6205500000000000004"
REFUSED_ACCOUNT = "6217000000000001"
"""Of the bank's own table: it takes no payment for it."""


def sent(victoria: Hospital, content: Body) -> tuple[Episode, Body]:
    answer = victoria.say("/v1/claims", content)
    return Episode(victoria, answer["episode_id"], content), answer


def payout_of(answer: Body) -> str:
    return f"PO{answer['claim_id'].partition('_')[2]}"


def test_e6_from_the_insurers_claim_to_the_members_account(
    victoria: Hospital, bank: Simulator
) -> None:
    content = claim()
    episode, answer = sent(victoria, content)
    assert answer["benefit"] == {"amount": "1551.91", "currency": "HKD"}
    rows = episode.closed()
    assert [(p["state"], p["amount_minor"], p["payee"]) for p in rows["payouts"]] == [
        ("credited", 142186, "patient")
    ]
    # What is left is what the benefit became worth more between visits and payout.
    assert ledger(rows) == {f"funder:insurer:{INSURER}:due": -362, f"fx:drift:{INSURER}": 362}
    assert len(bank.journal("executed", reference=payout_of(answer))) == 1
    assert victoria.say("/v1/claims", content) == answer
    other = varied(content, account={"number": OTHER_ACCOUNT})
    assert victoria.post("/v1/claims", other).status_code == 409
    story = victoria.get(f"{episode.path}/story").json()
    assert story["story"][0]["text"].startswith("Victoria Health Insurance sent a claim with")


def test_a_refused_account_is_replaced_by_two_persons_and_the_member_is_paid_once(
    victoria: Hospital, examiner: Hospital, bank: Simulator
) -> None:
    refused = {**claim()["account"], "number": REFUSED_ACCOUNT}
    episode, answer = sent(victoria, claim(account=refused))
    episode.wait("payouts", state="rejected", reason="AC01")
    reference = payout_of(answer)
    account = {**episode.submission["account"], "number": OTHER_ACCOUNT}
    proposal = {
        "number": "N-1",
        "payout_reference": reference,
        "account": account,
        "signed_at": "2026-04-15T10:00:00+08:00",
    }
    word = {
        "number": "N-1",
        "payout_reference": reference,
        "approved": True,
        "decided_at": "2026-04-15T11:00:00+08:00",
        "reason": "called back",
    }
    episode.say("payee-accounts", proposal)
    path = f"{episode.path}/payee-decisions"
    assert victoria.refused(path, word) == ["SECOND_PERSON_NEEDED"]
    approved = examiner.say(path, word)
    assert approved["payout_reference"] == f"{reference}-2"
    rows = episode.closed()
    assert [(p["state"], p["amount_minor"]) for p in rows["payouts"]] == [
        ("rejected", 142186),
        ("credited", 142186),
    ]
    assert bank.journal("executed", reference=reference) == []
    assert len(bank.journal("executed", reference=f"{reference}-2")) == 1
    assert [e["code"] for e in rows["exceptions"] if e["resolved_at"] is None] == []


def test_a_claim_that_a_check_asks_about_is_examined_by_two_and_paid_once(
    victoria: Hospital, examiner: Hospital, bank: Simulator
) -> None:
    paper = e6_papers()[0]
    paper["lines"][0] |= {"quantity": 20, "unit_price": cny("43.00")}
    episode, answer = sent(victoria, claim([paper]))
    about = answer["claim_id"]
    episode.wait("claims", state="pended")
    assert bank.journal("executed", reference=payout_of(answer)) == []
    told = victoria.get(f"{episode.path}/claim-reviews").json()["claims"]
    assert [(c["id"], c["reasons"], c["decisions"]) for c in told] == [
        (about, ["UNITS_UNLIKELY"], [])
    ]
    assert told[0]["trace"][0]["assumption"] is True
    story = victoria.get(f"{episode.path}/story").json()
    assert story["waiting"]["code"] == "INSURER_EXAMINER"
    texts = [line["text"] for line in story["story"]]
    assert any("more units on one day than pass without a look" in text for text in texts)
    line = {"line": 1, "approved": {"amount": "900.00", "currency": "HKD"}, "reason": "OTHER"}
    decided = {"number": "D-1", "claim": about, "decided_at": "2026-04-14T10:00:00+08:00"}
    above = {**line, "approved": {"amount": "939.90", "currency": "HKD"}}
    decisions, confirms = f"{episode.path}/claim-decisions", f"{episode.path}/claim-confirmations"
    refused = {**decided, "number": "D-0", "lines": [above]}
    assert victoria.refused(decisions, refused) == ["DECISION_ABOVE_BILLED"]
    assert victoria.say(decisions, {**decided, "lines": [line]})["status"] == "waiting"
    word = {**decided, "confirmed": True, "reason": "compared with the papers"}
    assert victoria.refused(confirms, word) == ["SECOND_EXAMINER_NEEDED"]
    assert examiner.say(confirms, word)["status"] == "in_force"
    rows = episode.closed()
    assert [(p["state"], p["amount_minor"]) for p in rows["payouts"]] == [("credited", 82458)]
    assert len(bank.journal("executed", reference=payout_of(answer))) == 1
    assert [e["code"] for e in rows["exceptions"] if e["resolved_at"] is None] == []
    texts = [one["text"] for one in victoria.get(f"{episode.path}/story").json()["story"]]
    assert any("examiner decided claim" in text for text in texts)
    samples = victoria.get("/v1/claim-samples").json()
    assert all(one["claim_id"] != about for one in samples["drawn"])


def test_nobody_but_the_insurer_sees_the_claim_and_only_an_insurer_may_send_one(
    victoria: Hospital, shenzhen: Hospital, bank: Simulator
) -> None:
    episode, _ = sent(victoria, claim())
    assert shenzhen.get(episode.path).status_code == 404
    assert shenzhen.get(f"{episode.path}/claim-reviews").status_code == 403
    assert shenzhen.post("/v1/claims", claim()).status_code == 403


def test_every_fault_of_a_claim_comes_at_once(victoria: Hospital) -> None:
    papers = e6_papers()
    papers[0] = varied(papers[0], total=cny("861.00"), ebill=ebill("12345", "860.00"))
    papers[1]["paid"][0]["amount"] = cny("429.99")
    wrong = claim(papers, plan="no-such-plan", hospital="nowhere")
    wrong["account"] = {**wrong["account"], "number": "62"}
    assert victoria.refused("/v1/claims", wrong) == [
        "ACCOUNT_NUMBER_FORM",
        "EBILL_FORM",
        "HOSPITAL_UNKNOWN",
        "PAPER_NOT_PAID",
        "PAPER_NOT_PAID",
        "PLAN_UNKNOWN",
        "TOTAL_NOT_SUM",
    ]
