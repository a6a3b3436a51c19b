"""Claims entered by a clerk and confirmed by the provider, and the first use of a new account."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crossclaim.stack import Stack
from tests.flows.clerk_stack import JIANGMEN, clerk_stack, provider_of
from tests.flows.flow_stack import hospital_of, simulator_of
from tests.flows.hospital import Body, Episode, Hospital, example, totals
from tests.flows.money import ledger, with_vouchers
from tests.flows.paired_visit import PairedVisit
from tests.flows.simulator import Simulator
from tests.flows.voucher_visit import VOUCHER_USE, WINDOW, VoucherVisit
from tests.prepared import prepared_home

DAY_S = 24 * 60 * 60


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with clerk_stack(prepared_home(tmp_path_factory, "clerks")) as running:
        yield running


@pytest.fixture(scope="module")
def desk(stack: Stack) -> Iterator[Hospital]:
    hospital = hospital_of(stack, JIANGMEN)
    yield hospital
    hospital.close()


@pytest.fixture(scope="module")
def provider(stack: Stack) -> Iterator[Hospital]:
    hospital = provider_of(stack)
    yield hospital
    hospital.close()


@pytest.fixture
def system(stack: Stack) -> Iterator[Simulator]:
    party = simulator_of(stack, "voucher")
    party.behave()
    yield party
    party.close()


def confirmation(bill: Body) -> Body:
    return {
        "bill_number": bill["number"],
        "bill_version": bill["version"],
        "confirmed_by": "EHCP-00871",
        "confirmed_at": "2025-10-14T17:05:00+08:00",
    }


def confirmed(provider: Hospital, episode: Episode, bill: Body) -> Body:
    return provider.say(f"{episode.path}/voucher-confirmations", confirmation(bill))


def test_an_entered_claim_uses_the_vouchers_and_is_owed_only_once_the_provider_confirmed(
    desk: Hospital, provider: Hospital, system: Simulator
) -> None:
    visit = VoucherVisit(desk, system)
    episode = visit.open()
    episode.say("bills", visit.bill)
    episode.say("tenders", visit.signed_tender("0.82"))
    rows = episode.wait("claims", state="queued")
    assert rows["episode"]["status"] == "open"
    assert rows["voucher"]["balance_minor"] == 209500
    assert ledger(rows) == {
        "funder:voucher:due": 128558,
        f"hospital:{JIANGMEN}:bills": -128558,
    }
    story = desk.get(f"{episode.path}/story").json()
    assert story["waiting"]["code"] == "PROVIDER_CONFIRMATION"
    refused = desk.post(f"{episode.path}/voucher-confirmations", confirmation(visit.bill))
    assert (refused.status_code, refused.json()["code"]) == (403, "NOT_ALLOWED")
    assert confirmed(provider, episode, visit.bill)["status"] == "confirmed"
    rows = episode.closed()
    assert ledger(rows) == with_vouchers(JIANGMEN, 1405)
    assert rows["voucher_stages"][0]["confirmed_at"] is not None
    (said,) = system.journal("confirmed", reference=rows["claims"][0]["reference"])
    assert said["confirmed_by"] == "EHCP-00871"


def test_a_confirmation_that_comes_before_the_patient_pays_is_kept_for_the_claim(
    desk: Hospital, provider: Hospital, system: Simulator
) -> None:
    visit = VoucherVisit(desk, system)
    episode = visit.open()
    episode.say("bills", visit.bill)
    confirmed(provider, episode, visit.bill)
    confirmed(provider, episode, visit.bill)
    episode.say("tenders", visit.signed_tender("0.82"))
    assert ledger(episode.closed()) == with_vouchers(JIANGMEN, 1405)


def test_a_confirmation_whose_answer_is_lost_is_made_again_and_owed_once(
    desk: Hospital, provider: Hospital, system: Simulator
) -> None:
    visit = VoucherVisit(desk, system)
    system.fault("accepted_answer_lost", operation="confirm")
    episode = visit.open()
    episode.say("bills", visit.bill)
    episode.say("tenders", visit.signed_tender("0.82"))
    episode.wait("claims", state="queued")
    confirmed(provider, episode, visit.bill)
    rows = episode.closed()
    assert ledger(rows) == with_vouchers(JIANGMEN, 1405)
    assert len(system.journal("confirmed", reference=rows["claims"][0]["reference"])) == 1


def test_both_claims_of_a_pair_are_entered_and_one_confirmation_is_for_both(
    desk: Hospital, provider: Hospital, system: Simulator
) -> None:
    visit = PairedVisit(desk, system)
    episode = visit.open_paired()
    episode.say("bills", visit.bill)
    episode.say("tenders", visit.both_signed("366.00"))
    episode.wait("claims", kind="voucher_spouse", state="queued")
    confirmed(provider, episode, visit.bill)
    rows = episode.closed()
    assert [c["state"] for c in rows["claims"]] == ["approved", "approved"]
    assert ledger(rows) == with_vouchers(JIANGMEN, 1600)


def test_an_entered_claim_is_taken_back_with_its_bill_and_leaves_nothing(
    desk: Hospital, system: Simulator
) -> None:
    visit = VoucherVisit(desk, system)
    episode = visit.open()
    episode.say("bills", visit.bill)
    episode.say("tenders", visit.signed_tender("0.82"))
    episode.wait("claims", state="queued")
    void = {
        "bill_number": visit.bill["number"],
        "bill_version": 1,
        "voided_at": "2025-10-14T11:20:00+08:00",
        "reason": "the laboratory was not done",
    }
    episode.say("voids", void)
    rows = episode.wait("claims", state="voided")
    assert rows["voucher"]["balance_minor"] == 350000
    episode.paid_back()
    assert ledger(episode.rows()) == {}


def test_a_claim_that_nobody_confirmed_lapses_and_its_part_stays_unpaid(
    desk: Hospital, provider: Hospital, system: Simulator
) -> None:
    visit = VoucherVisit(desk, system)
    episode = visit.open()
    episode.say("bills", visit.bill)
    episode.say("tenders", visit.signed_tender("0.82"))
    episode.wait("claims", state="queued")
    system.later(31 * DAY_S)
    confirmed(provider, episode, visit.bill)
    rows = episode.wait("exceptions", code="VOUCHER_CLAIM_LAPSED")
    assert [c["state"] for c in rows["claims"]] == ["failed"]
    assert rows["episode"]["status"] == "open"
    assert ledger(rows)["funder:voucher:due"] == 128558
    told = [one["text"] for one in desk.get(f"{episode.path}/story").json()["story"]]
    assert any("lapsed" in text for text in told), told


class FirstUse(VoucherVisit):
    """A patient in the register who has no account yet and has not joined eHealth."""

    def __init__(self, hospital: Hospital, voucher: Simulator) -> None:
        super().__init__(hospital, voucher)
        number = self.submission["patient"]["documents"][0]["number"]
        plain = number.replace("(", "").replace(")", "")
        nobody = {"document": "HKID", "number": f"X{plain[1:]}", "birth_date": "1949-05-01"}
        voucher.tables(
            accounts={self.account: {**nobody, "balance_hkd": 0}},
            first_allotment_hkd={plain: 2000},
        )

    check = {
        "number": "IC-1",
        "document": "hkid",
        "checked_by": "FD-0021",
        "place": "window-6",
        "checked_at": "2025-10-14T08:30:00+08:00",
    }
    agreed = {
        "number": "C-ACCOUNT",
        "given": {**VOUCHER_USE, "type": "VOUCHER_ACCOUNT"},
        "stated_at": "2025-10-14T08:31:00+08:00",
    }


def test_the_first_use_opens_a_temporary_account_and_waits_for_its_validation(
    desk: Hospital, provider: Hospital, system: Simulator
) -> None:
    visit = FirstUse(desk, system)
    episode = visit.open()
    episode.wait("exceptions", code="VOUCHER_ACCOUNT_NOT_FOUND")
    answer = episode.say("identity-checks", visit.check)
    assert answer["fee"] == "0.00"
    assert system.journal("account_opened") == []
    episode.say("consents", visit.agreed)
    split = episode.say("bills", visit.bill)
    assert totals(split) == {"voucher": "1285.58", "patient": "0.82"}
    episode.say("tenders", visit.signed_tender("0.82"))
    rows = episode.wait("claims", state="queued")
    assert (rows["voucher"]["status"], rows["voucher"]["balance_minor"]) == ("temporary", 59500)
    stage = rows["voucher_stages"][0]
    assert (stage["confirmed_at"], stage["validated_at"]) == (None, None)
    system.later(3 * DAY_S)
    confirmed(provider, episode, visit.bill)
    rows = episode.closed()
    assert rows["voucher"]["status"] == "validated"
    assert ledger(rows) == with_vouchers(JIANGMEN, 1405)
    assert all(e["resolved_at"] for e in rows["exceptions"])
    told = "\n".join(one["text"] for one in desk.get(f"{episode.path}/story").json()["story"])
    assert "FD-0021 saw the patient and the Hong Kong identity card" in told
    assert "A temporary voucher account was opened" in told


def test_who_was_not_seen_in_person_or_did_not_agree_gets_no_account(
    desk: Hospital, system: Simulator
) -> None:
    visit = FirstUse(desk, system)
    episode = visit.open()
    episode.wait("exceptions", code="VOUCHER_ACCOUNT_NOT_FOUND")
    episode.say("consents", visit.agreed)
    refused = desk.refused(f"{episode.path}/bills", visit.bill)
    assert refused == ["VOUCHER_BALANCE_NOT_STATED", "VOUCHER_RATE_NOT_STATED"]
    path = f"{episode.path}/identity-checks"
    assert desk.refused(path, {**visit.check, "place": "check-up-window-2"}) == ["CHECK_PLACE"]
    permit = {**visit.check, "document": "home_return_permit"}
    assert desk.refused(path, permit) == ["HOLDER_DOCUMENT"]
    assert episode.rows()["voucher"]["status"] == "none"


def test_who_is_not_in_the_register_is_told_so_and_the_bill_is_paid_otherwise(
    desk: Hospital, system: Simulator
) -> None:
    visit = FirstUse(desk, system)
    number = visit.submission["patient"]["documents"][0]["number"]
    plain = number.replace("(", "").replace(")", "")
    system.tables(first_allotment_hkd={plain: None})
    episode = visit.open()
    episode.say("consents", visit.agreed)
    episode.say("identity-checks", visit.check)
    rows = episode.wait("exceptions", code="VOUCHER_ACCOUNT_REFUSED")
    assert rows["voucher"]["status"] == "refused"
    bill = {**visit.bill, "coverages": []}
    assert totals(episode.say("bills", bill)) == {"patient": "1286.40"}


def test_a_holder_who_has_not_joined_ehealth_joins_with_the_claim(
    desk: Hospital, provider: Hospital, system: Simulator
) -> None:
    visit = VoucherVisit(desk, system, ehealth_joined=False)
    episode = visit.open()
    episode.say("bills", visit.bill)
    assert system.journal("joined_ehealth", account_id=visit.account) == []
    episode.say("tenders", visit.signed_tender("0.82"))
    rows = episode.wait("claims", state="queued")
    assert len(system.journal("joined_ehealth", account_id=visit.account)) == 1
    assert rows["voucher"]["ehealth_joined"] is True
    assert example("episode-2-voucher")["consents"][0]["type"] == "EHEALTH_JOIN"
    confirmed(provider, episode, visit.bill)
    assert ledger(episode.closed()) == with_vouchers(JIANGMEN, 1405)


def test_a_confirmation_of_nothing_or_before_the_service_is_refused(
    desk: Hospital, provider: Hospital, system: Simulator
) -> None:
    visit = VoucherVisit(desk, system)
    episode = visit.open()
    path = f"{episode.path}/voucher-confirmations"
    assert provider.refused(path, confirmation(visit.bill)) == ["BILL_UNKNOWN"]
    episode.say("bills", visit.bill)
    early = {**confirmation(visit.bill), "confirmed_at": "2025-10-14T08:00:00+08:00"}
    assert provider.refused(path, early) == ["VOUCHER_CONFIRMED_EARLIER"]
    assert provider.post(f"{episode.path}/bills", visit.bill).status_code == 403
    assert WINDOW.startswith("2025-10-14")
