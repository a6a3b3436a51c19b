"""Scenario E2 live: own vouchers, then the paired spouse's, then Alipay and cash, to the ledger."""

from __future__ import annotations

import pytest

from tests.flows.hospital import Hospital, tender_of, totals, varied
from tests.flows.money import ledger, with_vouchers
from tests.flows.paired_visit import ALL_SIGNED, PairedVisit, consent
from tests.flows.simulator import Simulator
from tests.flows.voucher_visit import VOUCHER_USE, WINDOW, VoucherVisit

JIANGMEN = "jiangmen-central"


def test_e2_uses_both_accounts_to_the_last_dollar_and_the_ledger_holds_exactly_that(
    jiangmen: Hospital, voucher: Simulator
) -> None:
    visit = PairedVisit(jiangmen, voucher)
    episode = visit.open_paired()
    split = episode.say("bills", visit.bill)
    assert totals(split) == {"voucher": "1464.00", "patient": "366.00"}
    uses = [(u["account"], u["dollars"], u["amount"]["amount"]) for u in split["voucher_uses"]]
    assert uses == [("own", 600, "549.00"), ("spouse", 1000, "915.00")]
    assert split["trace"][-2]["text"]["zh_hant"]
    paid = episode.say("tenders", visit.both_signed("366.00"))
    assert paid["still_due"]["amount"] == "0.00"
    rows = episode.closed()
    assert [(c["kind"], c["state"], c["benefit_minor"]) for c in rows["claims"]] == [
        ("voucher", "approved", 60000),
        ("voucher_spouse", "approved", 100000),
    ]
    assert (rows["voucher"]["balance_minor"], rows["spouse"]["balance_minor"]) == (0, 0)
    assert {t["method"]: t["amount_minor"] for t in rows["tenders"]} == {
        "alipay": 30000,
        "cash": 6600,
    }
    assert ledger(rows) == with_vouchers(JIANGMEN, 1600)
    assert rows["exceptions"] == []


def test_the_own_claim_is_made_first_and_both_are_told_by_the_voucher_system(
    jiangmen: Hospital, voucher: Simulator
) -> None:
    visit = PairedVisit(jiangmen, voucher)
    episode = visit.open_paired()
    episode.say("bills", visit.bill)
    episode.say("tenders", visit.both_signed("366.00"))
    rows = episode.closed()
    own = voucher.journal("claimed", account_id=visit.account)
    spouse = voucher.journal("claimed", account_id=visit.spouse_account)
    assert [len(own), len(spouse)] == [1, 1]
    assert own[0]["seq"] < spouse[0]["seq"]
    told = [
        (m["to"], m["account_id"])
        for m in voucher.journal("text_message")
        if m["account_id"] in (visit.account, visit.spouse_account)
    ]
    assert told == [("own", visit.account), ("spouse", visit.spouse_account)]
    numbers = {
        c["given_by"]: c["transaction_number"]
        for c in rows["consents"]
        if c["type"] == "VOUCHER_USE"
    }
    assert numbers == {
        "patient": rows["claims"][0]["number"],
        "spouse": rows["claims"][1]["number"],
    }


@pytest.mark.parametrize(
    "missing", range(len(ALL_SIGNED)), ids=["own use", "own share", "use", "share"]
)
def test_without_one_of_the_four_signatures_the_spouse_s_vouchers_are_not_touched(
    jiangmen: Hospital, voucher: Simulator, missing: int
) -> None:
    visit = PairedVisit(jiangmen, voucher)
    episode = visit.open_paired()
    episode.say("bills", visit.bill)
    signed = [one for number, one in enumerate(ALL_SIGNED) if number != missing]
    episode.say("tenders", {**visit.both_signed("366.00"), "consents": signed})
    if missing:
        episode.wait("claims", kind="voucher", state="approved")
    rows = episode.rows()
    assert [c["kind"] for c in rows["claims"]] == ["voucher"] * bool(missing)
    assert voucher.journal("claimed", account_id=visit.spouse_account) == []
    late = {"number": f"C-{missing}", "given": ALL_SIGNED[missing], "stated_at": WINDOW}
    episode.say("consents", late)
    assert ledger(episode.closed()) == with_vouchers(JIANGMEN, 1600)


def test_a_void_gives_both_accounts_back_and_the_correction_uses_them_again(
    jiangmen: Hospital, voucher: Simulator
) -> None:
    visit = PairedVisit(jiangmen, voucher)
    episode = visit.open_paired()
    episode.say("bills", visit.bill)
    episode.say("tenders", visit.both_signed("366.00"))
    episode.closed()
    void = {
        "bill_number": visit.bill["number"],
        "bill_version": 1,
        "voided_at": "2025-10-14T11:20:00+08:00",
        "reason": "a treatment was not done",
    }
    episode.say("voids", void)
    episode.paid_back()
    correction = {
        **visit.bill_of(("consultation", "600.00"), ("treatment", "430.00")),
        "version": 2,
        "spouse": {"papers": ["spouse_id_copy"]},
    }
    split = episode.say("bills", correction)
    assert totals(split) == {"voucher": "1029.38", "patient": "0.62"}
    episode.say("tenders", tender_of(correction, "0.62", WINDOW))
    rows = episode.closed()
    found = [(c["kind"], c["state"]) for c in rows["claims"]]
    assert sorted(found) == [
        ("voucher", "approved"),
        ("voucher", "voided"),
        ("voucher_spouse", "approved"),
        ("voucher_spouse", "voided"),
    ]
    assert (rows["voucher"]["balance_minor"], rows["spouse"]["balance_minor"]) == (0, 47500)
    assert ledger(rows) == with_vouchers(JIANGMEN, 1125)


def test_a_pairing_that_ended_meanwhile_is_split_without_the_spouse_and_the_patient_pays(
    jiangmen: Hospital, voucher: Simulator
) -> None:
    visit = PairedVisit(jiangmen, voucher)
    voucher.fault("pairing_ended", operation="claim", account=visit.spouse_account)
    episode = visit.open_paired()
    episode.say("bills", visit.bill)
    episode.say("tenders", visit.both_signed("366.00"))
    rows = episode.wait("exceptions", code="VOUCHER_PAIRING_ENDED")
    assert totals(rows["allocations"][0]["result"]) == {"voucher": "549.00", "patient": "1281.00"}
    assert rows["episode"]["status"] == "open"
    episode.tender(visit.bill, "915.00", WINDOW)
    rows = episode.closed()
    assert ledger(rows) == with_vouchers(JIANGMEN, 600)
    assert voucher.journal("claimed", account_id=visit.spouse_account) == []


def test_a_spouse_s_balance_that_fell_meanwhile_is_split_anew_and_the_own_use_stays(
    jiangmen: Hospital, voucher: Simulator
) -> None:
    visit = PairedVisit(jiangmen, voucher)
    voucher.fault(
        "balance_changed",
        operation="claim",
        account=visit.spouse_account,
        details={"balance_hkd": 400},
    )
    episode = visit.open_paired()
    episode.say("bills", visit.bill)
    episode.say("tenders", visit.both_signed("366.00"))
    rows = episode.wait("exceptions", code="VOUCHER_BALANCE_CHANGED")
    uses = [u["dollars"] for u in rows["allocations"][0]["result"]["voucher_uses"]]
    assert uses == [600, 400]
    episode.tender(visit.bill, "549.00", WINDOW)
    rows = episode.closed()
    assert ledger(rows) == with_vouchers(JIANGMEN, 1000)
    assert (rows["voucher"]["balance_minor"], rows["spouse"]["balance_minor"]) == (0, 0)
    amounts = [c["amount"] for c in voucher.journal("claimed", account_id=visit.account)]
    assert amounts == ["600.00"]


def test_an_own_balance_that_fell_meanwhile_leaves_more_to_the_spouse(
    jiangmen: Hospital, voucher: Simulator
) -> None:
    visit = PairedVisit(jiangmen, voucher, balance_hkd=1600, spouse_hkd=1000)
    voucher.fault(
        "balance_changed",
        operation="claim",
        account=visit.account,
        details={"balance_hkd": 1500},
    )
    episode = visit.open_paired()
    split = episode.say("bills", visit.bill)
    assert [u["dollars"] for u in split["voucher_uses"]] == [1600, 400]
    episode.say("tenders", tender_of(visit.bill, "0.00", WINDOW, consents=ALL_SIGNED))
    rows = episode.closed()
    assert [c["state"] for c in rows["claims"]] == ["failed", "approved", "approved"]
    assert ledger(rows) == with_vouchers(JIANGMEN, 2000)
    assert (rows["voucher"]["balance_minor"], rows["spouse"]["balance_minor"]) == (0, 50000)


def test_a_lost_answer_to_the_spouse_s_claim_is_looked_for_and_never_made_twice(
    jiangmen: Hospital, voucher: Simulator
) -> None:
    visit = PairedVisit(jiangmen, voucher)
    voucher.fault("accepted_answer_lost", operation="claim", account=visit.spouse_account)
    episode = visit.open_paired()
    episode.say("bills", visit.bill)
    episode.say("tenders", visit.both_signed("366.00"))
    rows = episode.closed()
    assert ledger(rows) == with_vouchers(JIANGMEN, 1600)
    assert len(voucher.journal("claimed", account_id=visit.spouse_account)) == 1


def test_every_refusal_of_a_spouse_comes_before_any_money(
    jiangmen: Hospital, voucher: Simulator
) -> None:
    visit = PairedVisit(jiangmen, voucher)
    episode = visit.open()
    bills = f"{episode.path}/bills"
    assert jiangmen.refused(bills, visit.bill) == ["SPOUSE_NOT_NAMED"]
    own = {**visit.spouse, "document": visit.submission["patient"]["documents"][0]}
    assert jiangmen.refused(f"{episode.path}/spouse", own) == ["SPOUSE_IS_PATIENT"]
    wrong = {**visit.spouse, "document": {"type": "home_return_permit", "number": "H0000000000"}}
    assert jiangmen.refused(f"{episode.path}/spouse", wrong) == ["HOLDER_DOCUMENT"]
    episode.say("spouse", visit.spouse)
    without = {**visit.bill, "spouse": {"papers": []}}
    assert jiangmen.refused(bills, without) == ["SPOUSE_PAPER_MISSING"]
    first = {**visit.bill, "own_voucher_dollars": 100}
    assert jiangmen.refused(bills, first) == ["SPOUSE_BEFORE_OWN"]
    too_many = {**visit.bill, "own_voucher_dollars": 601}
    assert jiangmen.refused(bills, too_many) == ["VOUCHER_ASKED_ABOVE_ALLOWED"]
    rows = episode.rows()
    assert (rows["bills"], rows["claims"], ledger(rows)) == ([], [], {})


def test_two_who_are_not_paired_share_nothing_and_the_refusal_names_what_is_legal(
    jiangmen: Hospital, voucher: Simulator
) -> None:
    visit = PairedVisit(jiangmen, voucher, paired=False)
    episode = visit.open_paired()
    answer = episode.post("bills", visit.bill)
    assert answer.status_code == 422
    body = answer.json()
    assert [e["code"] for e in body["errors"]] == ["SPOUSE_NOT_PAIRED"]
    assert [a["spouse"] for a in body["alternatives"]] == [False]
    plain = varied(visit.bill)
    del plain["spouse"]
    assert totals(episode.say("bills", plain))["voucher"] == "549.00"


def test_the_patient_may_keep_his_own_vouchers_in_part(
    jiangmen: Hospital, voucher: Simulator
) -> None:
    visit = VoucherVisit(jiangmen, voucher, balance_hkd=600)
    episode = visit.open()
    bill = {**visit.bill_of(("consultation", "600.00")), "own_voucher_dollars": 200}
    assert totals(episode.say("bills", bill)) == {"voucher": "183.00", "patient": "417.00"}
    episode.say("tenders", tender_of(bill, "417.00", WINDOW, consents=[VOUCHER_USE]))
    rows = episode.closed()
    assert rows["voucher"]["balance_minor"] == 40000
    assert ledger(rows) == with_vouchers(JIANGMEN, 200)


def test_a_spouse_who_withdraws_before_the_claim_keeps_the_vouchers(
    jiangmen: Hospital, voucher: Simulator
) -> None:
    visit = PairedVisit(jiangmen, voucher)
    episode = visit.open_paired()
    episode.say("bills", visit.bill)
    early = {"number": "C-E", "given": consent("SPOUSE_SHARE", "spouse"), "stated_at": WINDOW}
    episode.say("consents", early)
    gone = {
        "number": "C-W",
        "withdrawn": "SPOUSE_SHARE",
        "withdrawn_by": "spouse",
        "stated_at": WINDOW,
    }
    assert episode.say("consents", gone)["ended"] == 1
    episode.say("tenders", {**visit.both_signed("366.00"), "consents": ALL_SIGNED[:3]})
    rows = episode.wait("claims", kind="voucher", state="approved")
    assert [c["kind"] for c in rows["claims"]] == ["voucher"]
    story = jiangmen.get(f"{episode.path}/story").json()
    assert any("spouse withdrew" in one["text"] for one in story["story"]), story["story"]


def test_the_story_tells_staff_of_both_accounts_in_three_languages(
    jiangmen: Hospital, voucher: Simulator
) -> None:
    visit = PairedVisit(jiangmen, voucher)
    episode = visit.open_paired()
    episode.say("bills", visit.bill)
    episode.say("tenders", visit.both_signed("366.00"))
    episode.closed()
    words: dict[str, list[str]] = {
        "en": ["confirms the pairing", "paired spouse's vouchers", "both spouses", "was printed"],
        "zh-Hant": ["確認雙方於", "已配對配偶的醫療券", "以短訊通知雙方", "《醫療券使用記錄》"],
        "zh-Hans": ["确认双方于", "已配对配偶的医疗券", "以短信通知双方", "《医疗券使用记录》"],
    }
    for language, wanted in words.items():
        answer = jiangmen.get(f"{episode.path}/story?language={language}")
        told = "\n".join(one["text"] for one in answer.json()["story"])
        assert [w for w in wanted if w not in told] == []
        assert visit.spouse["document"]["number"] not in told
        assert "陳志強" not in told
