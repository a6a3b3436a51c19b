"""Health records through the whole stack: asked for, read, handed in, beside the money."""

from __future__ import annotations

import json

from typer.testing import CliRunner

from crossclaim.cli.application import app
from crossclaim.stack import Stack
from tests.flows.hospital import Episode, Hospital
from tests.flows.money import ledger, with_vouchers
from tests.flows.patience import until
from tests.flows.record_visit import (
    DOCTOR,
    RecordVisit,
    accesses,
    deposit_of,
    now,
    record,
    signed,
)
from tests.flows.simulator import Simulator
from tests.plain_files import pdf_of


def state(episode: Episode, number: str, *states: str) -> dict[str, object]:
    """Waits until the request is in one of these states."""

    def look() -> dict[str, object] | None:
        rows = episode.rows()["record_requests"]
        return next((r for r in rows if r["number"] == number and r["state"] in states), None)

    return until(look, f"request {number} {states}")


def pay(visit: RecordVisit, episode: Episode) -> None:
    episode.say("bills", visit.bill)
    episode.say("tenders", visit.signed_tender("0.82"))


def told(episode: Episode) -> list[str]:
    answer = episode.hospital.get(f"{episode.path}/story?language=en")
    return [line["kind"] for line in answer.json()["story"]]


def test_a_record_is_asked_for_by_two_codes_read_and_audited_and_a_summary_handed_in(
    jiangmen: Hospital, voucher: Simulator, ehealth: Simulator, flow_stack: Stack
) -> None:
    visit = RecordVisit(jiangmen, voucher, ehealth)
    episode = visit.open()
    request = visit.request()
    answer = episode.say("record-requests", request)
    assert answer["status"] == "due"
    state(episode, request["number"], "answered")
    found = record(episode, request["number"])
    assert [entry["id"] for entry in found["entries"]] == ["enc-1", "alg-1"]
    pay(visit, episode)
    episode.say("record-deposits", deposit_of(episode, pdf_of("summary")))
    rows = episode.closed()
    assert ledger(rows) == with_vouchers("jiangmen-central", 1405)
    (delivery,) = rows["record_deliveries"]
    (taken,) = ehealth.journal("deposited", reference=delivery["reference"])
    assert (delivery["state"], taken["content"]) == ("delivered", "visit_summary")
    audit = accesses(episode)
    looked = [(a["what"], a["staff"], a["consents"][0]["type"]) for a in audit["accesses"]]
    assert looked == [("fetched", DOCTOR, "EHEALTH_SHARE"), ("read", DOCTOR, "EHEALTH_SHARE")]
    (notice,) = visit.notices("access")
    assert [n["number"] for n in audit["notices"]] == [notice["number"]]
    assert {"record_asked", "record_came", "record_read", "record_notice_access"} <= set(
        told(episode)
    )
    assert {"record_deposit_asked", "record_delivered"} <= set(told(episode))
    shown = CliRunner().invoke(
        app, ["episode", "accesses", episode.id, "--json", "--data-dir", str(flow_stack.home.root)]
    )
    assert shown.exit_code == 0, shown.output
    # The command tells all at once; the API a page.
    assert json.loads(shown.output) == {k: v for k, v in audit.items() if k != "next"}


def test_the_money_never_waits_for_a_record_system_that_is_down(
    jiangmen: Hospital, voucher: Simulator, ehealth: Simulator
) -> None:
    visit = RecordVisit(jiangmen, voucher, ehealth)
    ehealth.fault("down", times=-1)
    episode = visit.open()
    request = visit.request()
    episode.say("record-requests", request)
    episode.say("record-deposits", deposit_of(episode, pdf_of("late")))
    pay(visit, episode)
    rows = episode.wait("claims", state="approved")
    assert ledger(rows) == with_vouchers("jiangmen-central", 1405)
    assert rows["episode"]["status"] == "open", "its closing waits for what is handed in"

    def waits() -> bool:
        waiting = jiangmen.get(f"{episode.path}/story").json()["waiting"]
        return bool(waiting["code"] == "HEALTH_RECORDS")

    until(waits, "the wait for the records, once the use record of the vouchers is printed")
    ehealth.behave()
    state(episode, request["number"], "answered")
    rows = episode.closed()
    assert [d["state"] for d in rows["record_deliveries"]] == ["delivered"]
    assert len(ehealth.journal("record_given", requested_by=DOCTOR)) >= 1


def test_a_slow_record_system_keeps_no_bill_at_the_window_waiting(
    jiangmen: Hospital, voucher: Simulator, ehealth: Simulator
) -> None:
    visit = RecordVisit(jiangmen, voucher, ehealth)
    ehealth.fault("slow", delay_s=4.0, operation="request")
    episode = visit.open()
    request = visit.request()
    episode.say("record-requests", request)
    pay(visit, episode)
    (row,) = [r for r in episode.rows()["record_requests"] if r["number"] == request["number"]]
    assert row["state"] == "sent"
    state(episode, request["number"], "answered")
    episode.closed()


def test_an_answer_that_was_lost_is_found_and_its_codes_are_used_once(
    jiangmen: Hospital, voucher: Simulator, ehealth: Simulator
) -> None:
    visit = RecordVisit(jiangmen, voucher, ehealth)
    ehealth.faults(
        {"match": {"operation": "request"}, "fault": "accepted_answer_lost"},
        {"match": {"operation": "deposit"}, "fault": "accepted_answer_lost"},
    )
    episode = visit.open()
    request = visit.request()
    episode.say("record-requests", request)
    row = state(episode, request["number"], "answered")
    assert len(ehealth.journal("record_given", reference=row["reference"])) == 1
    assert ehealth.journal("asked", reference=row["reference"], found=True)
    pay(visit, episode)
    episode.say("record-deposits", deposit_of(episode, pdf_of("once")))
    (delivery,) = episode.closed()["record_deliveries"]
    assert delivery["state"] == "delivered"
    assert len(ehealth.journal("deposited", reference=delivery["reference"])) == 1
    assert len(visit.notices("access")) == 1


def test_codes_that_ran_out_were_used_or_are_anothers_are_refused_with_their_reason(
    jiangmen: Hospital, voucher: Simulator, ehealth: Simulator
) -> None:
    visit = RecordVisit(jiangmen, voucher, ehealth)
    other = RecordVisit(jiangmen, voucher, ehealth)
    episode = visit.open()
    first = visit.request()
    again = visit.request(
        application_code=first["application_code"], password_code=first["password_code"]
    )
    foreign = visit.request(**other.codes())
    for request, expected, reason in (
        (first, "answered", ""),
        (again, "refused", "CODE_USED"),
        (foreign, "refused", "CODE_OF_ANOTHER_PERSON"),
    ):
        episode.say("record-requests", request)
        row = state(episode, request["number"], expected)
        assert row["reason"] == reason
    old = visit.request(requested_at=now(-11))
    assert jiangmen.refused(f"{episode.path}/record-requests", old) == ["RECORD_CODES_OLD"]


def test_another_patients_answer_is_evidence_and_its_exception_tells_why(
    jiangmen: Hospital, voucher: Simulator, ehealth: Simulator
) -> None:
    for fault, why in (
        ("other_patient", "RECORD_OTHER_PATIENT"),
        ("not_fhir", "RECORD_NOT_FHIR"),
        ("contradicts", "RECORD_CONTRADICTS"),
    ):
        visit = RecordVisit(jiangmen, voucher, ehealth)
        ehealth.fault(fault, operation="request")
        episode = visit.open()
        request = visit.request()
        episode.say("record-requests", request)
        row = state(episode, request["number"], "set_aside")
        assert row["reason"] == why
        found = record(episode, request["number"])
        assert (found["state"], "entries" in found) == ("set_aside", False)
        assert "RECORD_ANSWER_NOT_USABLE" in episode.exceptions()
        pay(visit, episode)
        episode.closed()


def test_consents_given_and_withdrawn_reach_ehealth_which_tells_the_patient(
    jiangmen: Hospital, voucher: Simulator, ehealth: Simulator
) -> None:
    visit = RecordVisit(jiangmen, voucher, ehealth, consents=("EHEALTH_JOIN",))
    visit.switch("sharing", False)
    episode = visit.open()
    request = visit.request()
    path = f"{episode.path}/record-requests"
    assert jiangmen.refused(path, request) == ["RECORD_CONSENT_MISSING"]
    given = {"number": "C-1", "given": signed("EHEALTH_SHARE"), "stated_at": now()}
    episode.say("consents", given)
    until(lambda: visit.notices("consent")[1:], "a notice of the new consent")
    allowed = visit.request()
    episode.say("record-requests", allowed)
    state(episode, allowed["number"], "answered")
    record(episode, allowed["number"])
    pay(visit, episode)
    episode.wait("claims", state="approved")
    episode.say("consents", {"number": "C-2", "withdrawn": "EHEALTH_SHARE", "stated_at": now()})
    until(lambda: len(visit.notices("consent")) == 3, "a notice of the withdrawal")
    closed = jiangmen.get(f"{path}/{allowed['number']}?by={DOCTOR}")
    assert (closed.status_code, closed.json()["code"]) == (403, "RECORD_ACCESS_CLOSED")
    assert jiangmen.refused(path, visit.request()) == ["RECORD_CONSENT_MISSING"]
    rows = episode.closed()
    assert ledger(rows) == with_vouchers("jiangmen-central", 1405), "claims made already stay"
    assert [a["what"] for a in accesses(episode)["accesses"]] == ["fetched", "read", "refused"]


def test_sharing_that_the_patient_ended_in_the_app_is_learnt_from_the_refusal(
    jiangmen: Hospital, voucher: Simulator, ehealth: Simulator
) -> None:
    visit = RecordVisit(jiangmen, voucher, ehealth)
    episode = visit.open()
    visit.switch("sharing", False)
    request = visit.request()
    episode.say("record-requests", request)
    assert state(episode, request["number"], "refused")["reason"] == "SHARING_NOT_GIVEN"
    path = f"{episode.path}/record-requests"
    assert jiangmen.refused(path, visit.request()) == ["RECORD_CONSENT_MISSING"]


def test_the_direct_link_with_the_authority_is_a_channel_of_its_own(
    shenzhen: Hospital, voucher: Simulator, authority: Simulator, ehealth: Simulator
) -> None:
    visit = RecordVisit(shenzhen, voucher, authority, consents=(), coverages=[])
    visit.submission["hospital"] = "hku-szh"
    to = {"recipient": "hospital-authority"}
    visit.submission["consents"] = [
        signed("PI_SENSITIVE"),
        signed("PI_PROVIDE", **to),
        signed("PI_CROSS_BORDER", **to),
    ]
    episode = visit.open()
    request = visit.request(system="hospital-authority")
    path = f"{episode.path}/record-requests"
    assert shenzhen.refused(path, request) == ["RECORD_CODES_NOT_WANTED"] * 2
    for code in ("application_code", "password_code"):
        del request[code]
    episode.say("record-requests", request)
    row = state(episode, request["number"], "answered")
    assert authority.journal("record_given", reference=row["reference"])
    assert ehealth.journal("record_given", reference=row["reference"]) == []
    assert record(episode, request["number"])["entries"]


def test_a_request_after_the_end_begins_a_new_run_that_ends_too(
    jiangmen: Hospital, voucher: Simulator, ehealth: Simulator
) -> None:
    visit = RecordVisit(jiangmen, voucher, ehealth)
    episode = visit.open()
    pay(visit, episode)
    episode.closed()
    request = visit.request()
    episode.say("record-requests", request)
    state(episode, request["number"], "answered")
    episode.closed()


def test_another_hospital_hears_of_no_such_episode(
    jiangmen: Hospital, shenzhen: Hospital, voucher: Simulator, ehealth: Simulator
) -> None:
    visit = RecordVisit(jiangmen, voucher, ehealth)
    episode = visit.open()
    request = visit.request()
    episode.say("record-requests", request)
    state(episode, request["number"], "answered")
    heard = []
    for path in (episode.path, "/v1/episodes/ep_00000000000000000000000099"):
        for answer in (
            shenzhen.post(f"{path}/record-requests", request),
            shenzhen.get(f"{path}/record-requests/{request['number']}?by={DOCTOR}"),
            shenzhen.get(f"{path}/record-accesses"),
        ):
            body = answer.json()
            del body["correlation_id"], body["instance"]
            heard.append((answer.status_code, body))
    assert heard[:3] == heard[3:]
    assert {status for status, _ in heard} == {404}


def test_a_child_cannot_consent_and_a_parent_can(
    jiangmen: Hospital, voucher: Simulator, ehealth: Simulator
) -> None:
    visit = RecordVisit(jiangmen, voucher, ehealth, birth_date="2015-05-01", coverages=[])
    answer = jiangmen.post("/v1/episodes", visit.submission)
    assert [(e["code"], e["pointer"]) for e in answer.json()["errors"]] == [
        ("SIGNER_SUBSTITUTE_NEEDED", "/consents/0/signed_by"),
        ("SIGNER_SUBSTITUTE_NEEDED", "/consents/1/signed_by"),
    ]
    parent = {
        "capacity": "parent",
        "name": {"en": "HO Tai Man"},
        "document": {"type": "hkid", "number": "AB987654(3)"},
        "paper": "birth-certificate",
        "paper_seen_at": now(-70),
    }
    consents = [{**one, "signed_by": parent} for one in visit.submission["consents"]]
    episode = jiangmen.open({**visit.submission, "consents": consents})
    request = visit.request()
    episode.say("record-requests", request)
    state(episode, request["number"], "answered")
    assert "consent_signed_by" in told(episode)
