"""A Macao insurer's plan in patacas: from the contract for Macao to RMB in two accounts."""

from __future__ import annotations

from tests.flows.hospital import Body, Hospital, totals, varied
from tests.flows.macao_stay import LOTUS, MacaoStay
from tests.flows.money import ledger
from tests.flows.simulator import Simulator

HOSPITAL_ACCOUNT, PATIENT_ACCOUNT = "6205500000000000020", "6200000000000047"


def by_currency(rows: Body) -> dict[str, int]:
    """Currency → the sum of all that the episode posted in it."""
    sums: dict[str, int] = {}
    for account in rows["ledger"]:
        currency = account["currency"]
        sums[currency] = sums.get(currency, 0) + account["balance_minor"]
    return sums


def test_a_macao_residents_stay_is_counted_in_patacas_and_paid_in_rmb(
    zhuhai: Hospital, lotus: Simulator, bank: Simulator
) -> None:
    stay = MacaoStay(zhuhai)
    episode = stay.open()
    rows = episode.wait("guarantees", state="granted", limit_minor=1800000)
    (guarantee,) = rows["guarantees"]
    assert (guarantee["currency"], guarantee["rate"]["currency"]) == ("MOP", "MOP")
    # Who fixed the rate, and from where it is, stand with the amount that it makes.
    assert (guarantee["rate"]["fixed_by"], guarantee["rate"]["source"]) == (
        LOTUS,
        "configured example",
    )
    reserved = f"guarantee:{LOTUS}:reserved:MOP"
    assert ledger(rows) == {reserved: 1800000, f"guarantee:{LOTUS}:committed:MOP": -1800000}
    assert by_currency(rows) == {"MOP": 0}
    episode = stay.until_discharge()
    split = episode.say("bills", stay.bill)
    assert totals(split) == {"insurer": "15984.00", "patient": "16016.00"}
    (insurer,) = [t for t in split["totals"] if t["funder"] == "insurer"]
    assert insurer["in_funder_currency"] == {"amount": "18000.00", "currency": "MOP"}
    assert split["rate"]["fixed_by"] == LOTUS
    episode.say("tenders", stay.tender("16016.00"))
    rows = episode.closed()
    (claim,), (payout,) = rows["claims"], rows["payouts"]
    assert (claim["benefit_minor"], claim["benefit_currency"]) == (1800000, "MOP")
    assert (payout["state"], payout["amount_minor"]) == ("credited", 1598400)
    assert ledger(rows) == {} and rows["exceptions"] == []
    expected = episode.say("reimbursements", stay.reimbursement())["expected"]
    assert expected == {"amount": "2849.60", "currency": "CNY"}
    episode.wait("payouts", payee="patient", state="credited")
    rows = episode.closed()
    later = next(c for c in rows["claims"] if c["kind"] == "reimbursement")
    assert (later["benefit_minor"], later["benefit_currency"]) == (320901, "MOP")
    assert ledger(rows) == {} and rows["exceptions"] == []
    assert {a["currency"] for a in rows["ledger"]} == {"CNY", "MOP"}
    accounts = {
        p["payee"]: bank.journal("executed", reference=p["reference"])[0] for p in rows["payouts"]
    }
    assert {
        payee: (paid["amount"], paid["creditor_account"]) for payee, paid in accounts.items()
    } == {"hospital": ("15984.00", HOSPITAL_ACCOUNT), "patient": ("2849.60", PATIENT_ACCOUNT)}


def test_the_history_tells_patacas_and_their_rate_in_three_languages(
    zhuhai: Hospital, lotus: Simulator, bank: Simulator
) -> None:
    stay = MacaoStay(zhuhai)
    episode = stay.until_discharge()
    episode.say("bills", stay.bill)
    episode.say("tenders", stay.tender("16016.00"))
    episode.closed()
    for language in ("en", "zh-Hant", "zh-Hans"):
        headers = {"Accept-Language": language}
        told = zhuhai.get(f"{episode.path}/story", headers).json()["story"]
        text = "\n".join(line["text"] for line in told)
        assert "MOP 18,000.00" in text and "MOP 1 = CNY 0.888" in text
        assert "HKD" not in text
        kinds = {line["kind"] for line in told}
        # Who fixed the rate is part of the history.
        assert "guarantee_rate_own" in kinds and "guarantee_rate" not in kinds


def test_a_text_for_the_other_destination_opens_nothing(
    zhuhai: Hospital, shenzhen: Hospital
) -> None:
    consents = MacaoStay(zhuhai).submission["consents"]
    hong_kong = [
        {**c, "text_version": "2026-01"} if c["type"] == "PI_CROSS_BORDER" else c for c in consents
    ]
    stay = MacaoStay(zhuhai, consents=hong_kong)
    assert zhuhai.refused("/v1/episodes", stay.submission) == ["CONSENT_OTHER_DESTINATION"]
    harbour = [{**c, "recipient": "harbour-life"} if "recipient" in c else c for c in consents]
    coverage = {
        "funder": "insurer",
        "organisation": "harbour-life",
        "plan": "vhis-standard-hk",
        "policy_number": "HL-2025-B00001",
    }
    other = varied(stay.submission, consents=harbour, coverages=[coverage])
    assert zhuhai.refused("/v1/episodes", other) == ["CONSENT_OTHER_DESTINATION"]


def test_a_decision_in_another_currency_moves_nothing_and_waits_for_a_person(
    zhuhai: Hospital, lotus: Simulator, bank: Simulator
) -> None:
    stay = MacaoStay(zhuhai)
    episode = stay.until_discharge()
    before = ledger(episode.rows())
    policy = stay.submission["coverages"][0]["policy_number"]
    lotus.fault("decides_in_currency", operation="claim", policy_number=policy)
    episode.say("bills", stay.bill)
    episode.say("tenders", stay.tender("16016.00"))
    rows = episode.wait("exceptions", code="ANSWER_NOT_USABLE")
    (claim,) = rows["claims"]
    assert claim["benefit_minor"] is None and rows["payouts"] == []
    assert rows["episode"]["status"] != "closed"
    promised = f"guarantee:{LOTUS}:committed:MOP"
    assert ledger(rows)[promised] == before[promised]
    assert by_currency(rows) == {"CNY": 0, "MOP": 0}


def test_a_guarantee_in_another_currency_reserves_nothing(
    zhuhai: Hospital, lotus: Simulator
) -> None:
    stay = MacaoStay(zhuhai)
    policy = stay.submission["coverages"][0]["policy_number"]
    lotus.fault("decides_in_currency", operation="preauthorization", policy_number=policy)
    rows = stay.open().wait("exceptions", code="ANSWER_NOT_USABLE")
    (guarantee,) = rows["guarantees"]
    assert guarantee["state"] == "queued" and guarantee["limit_minor"] is None
    assert ledger(rows) == {}


def test_what_was_used_of_a_cover_is_stated_in_what_it_counts_in(
    zhuhai: Hospital, lotus: Simulator
) -> None:
    stay = MacaoStay(zhuhai)
    used = {"annual_benefit_used": {"amount": "100.00", "currency": "HKD"}}
    coverage = {**stay.submission["coverages"][0], **used}
    stay.submission = varied(stay.submission, coverages=[coverage])
    episode = stay.until_discharge()
    codes = zhuhai.refused(f"{episode.path}/bills", stay.bill)
    assert codes == ["COVER_COUNTED_OTHERWISE"]
