"""Register first: an appointment through the voucher entry, changed, kept, missed or cancelled."""

from __future__ import annotations

from typing import Any

import pytest

from tests.flows.hospital import Body, Episode, Hospital, totals
from tests.flows.money import ledger, with_vouchers
from tests.flows.simulator import Simulator
from tests.flows.voucher_visit import VoucherVisit

DENTAL = "stomatology"
BEFORE, DAY = "2025-10-13", "2025-10-14"


class DentalVisit(VoucherVisit):
    """A visit to the department in which whoever uses vouchers registers first."""

    def __init__(self, hospital: Hospital, voucher: Simulator) -> None:
        visit = {"department": DENTAL}
        super().__init__(hospital, voucher, balance_hkd=2000, visit=visit)
        self.bill = self.bill_of(("consultation", "70.00"), ("treatment", "200.00"))


def registered(version: int = 1, number: str = "YY-1", **changes: Any) -> Body:
    return {
        "number": number,
        "version": version,
        "state": "registered",
        "department": DENTAL,
        "starts_at": f"{DAY}T09:30:00+08:00",
        "entry": "wechat",
        "stated_at": f"{BEFORE}T20:15:00+08:00",
        **changes,
    }


def told(state: str, version: int, at: str, number: str = "YY-1") -> Body:
    return {"number": number, "version": version, "state": state, "stated_at": at}


def refused(episode: Episode, what: str, body: Body) -> list[str]:
    return episode.hospital.refused(f"{episode.path}/{what}", body)


def paid(visit: VoucherVisit, episode: Episode) -> Body:
    assert totals(episode.say("bills", visit.bill)) == {"voucher": "269.93", "patient": "0.07"}
    episode.say("tenders", visit.signed_tender("0.07"))
    rows = episode.closed()
    assert ledger(rows) == with_vouchers("jiangmen-central", 295)
    return rows


def test_who_did_not_register_is_told_to_and_who_did_uses_vouchers(
    jiangmen: Hospital, voucher: Simulator
) -> None:
    visit = DentalVisit(jiangmen, voucher)
    episode = visit.open()
    assert refused(episode, "bills", visit.bill) == ["VOUCHER_REGISTER_FIRST"]
    answer = episode.say("appointments", registered())
    assert (answer["state"], answer["version"]) == ("registered", 1)
    changed = registered(2, state="changed", starts_at=f"{DAY}T10:00:00+08:00")
    episode.say("appointments", changed)
    episode.say("appointments", told("kept", 3, f"{DAY}T09:50:00+08:00"))
    rows = paid(visit, episode)
    assert [a["state"] for a in rows["appointments"]] == ["registered", "changed", "kept"]
    kinds = [line["kind"] for line in jiangmen.get(f"{episode.path}/story").json()["story"]]
    assert [k for k in kinds if k.startswith("appointment")] == [
        "appointment_registered",
        "appointment_changed",
        "appointment_kept",
    ]


def test_other_departments_take_who_comes_without_registering(
    jiangmen: Hospital, voucher: Simulator
) -> None:
    visit = VoucherVisit(jiangmen, voucher, balance_hkd=2000)
    visit.bill = visit.bill_of(("consultation", "70.00"), ("treatment", "200.00"))
    paid(visit, visit.open())


@pytest.mark.parametrize(
    "end",
    [told("cancelled", 2, f"{BEFORE}T21:00:00+08:00"), told("no_show", 2, f"{DAY}T12:00:00+08:00")],
)
def test_an_appointment_that_was_not_kept_ends_the_episode_and_pays_nothing(
    end: Body, jiangmen: Hospital, voucher: Simulator
) -> None:
    visit = DentalVisit(jiangmen, voucher)
    episode = visit.open()
    episode.say("appointments", registered())
    episode.say("appointments", end)
    rows = episode.closed()
    assert rows["bills"] == [] and ledger(rows) == {}
    # A naive look for any appointment row would find one; it no longer holds.
    assert rows["appointments"] and refused(episode, "bills", visit.bill) == [
        "VOUCHER_REGISTER_FIRST"
    ]
    # A new one opens the episode again, and the visit takes its course.
    again = registered(number="YY-2", stated_at=f"{BEFORE}T22:00:00+08:00")
    episode.say("appointments", again)
    assert episode.rows()["episode"]["status"] == "open"
    paid(visit, episode)


def test_an_appointment_of_another_day_or_department_does_not_count(
    jiangmen: Hospital, voucher: Simulator
) -> None:
    visit = DentalVisit(jiangmen, voucher)
    episode = visit.open()
    episode.say("appointments", registered(starts_at="2025-10-15T09:30:00+08:00"))
    episode.say("appointments", registered(number="YY-2", department="dermatology"))
    assert refused(episode, "bills", visit.bill) == ["VOUCHER_REGISTER_FIRST"]


def test_the_same_appointment_sent_twice_is_one_and_another_content_is_refused(
    jiangmen: Hospital, voucher: Simulator
) -> None:
    visit = DentalVisit(jiangmen, voucher)
    episode = visit.open()
    assert episode.say("appointments", registered()) == episode.say("appointments", registered())
    other = registered(starts_at=f"{DAY}T11:00:00+08:00")
    assert episode.post("appointments", other).status_code == 409
    assert len(episode.rows()["appointments"]) == 1


def test_every_step_out_of_order_is_refused_with_its_reason(
    jiangmen: Hospital, voucher: Simulator
) -> None:
    visit = DentalVisit(jiangmen, voucher)
    episode = visit.open()

    def fails(body: Body) -> list[str]:
        return refused(episode, "appointments", body)

    assert fails(told("kept", 1, f"{DAY}T09:00:00+08:00")) == ["APPOINTMENT_UNKNOWN"]
    assert fails(registered(starts_at=f"{DAY}T12:30:00+08:00")) == ["APPOINTMENT_OUTSIDE_HOURS"]
    assert fails(registered(starts_at=f"{BEFORE}T09:30:00+08:00")) == ["APPOINTMENT_NOT_AHEAD"]
    assert fails(registered(department="radiology")) == ["DEPARTMENT_UNKNOWN"]
    assert fails(registered(department="cardiology")) == ["APPOINTMENT_DEPARTMENT"]
    assert fails({**told("registered", 1, f"{BEFORE}T20:15:00+08:00"), "entry": "kiosk"}) == [
        "APPOINTMENT_INCOMPLETE",
        "APPOINTMENT_INCOMPLETE",
    ]
    episode.say("appointments", registered(version=2))
    assert fails(told("cancelled", 1, f"{BEFORE}T21:00:00+08:00")) == [
        "APPOINTMENT_VERSION_NOT_NEWER"
    ]
    assert fails(registered(version=3)) == ["APPOINTMENT_ALREADY"]
    assert fails(told("cancelled", 3, f"{DAY}T09:31:00+08:00")) == ["APPOINTMENT_TOO_LATE"]
    assert fails(told("no_show", 4, f"{DAY}T09:30:00+08:00")) == ["APPOINTMENT_NOT_YET"]
    assert fails(told("kept", 5, f"{BEFORE}T23:00:00+08:00")) == ["APPOINTMENT_OTHER_DAY"]
    episode.say("appointments", told("kept", 6, f"{DAY}T09:20:00+08:00"))
    assert fails(told("no_show", 7, f"{DAY}T12:00:00+08:00")) == ["APPOINTMENT_OVER"]


def test_a_visit_outside_the_voucher_channel_has_no_such_appointment(
    jiangmen: Hospital, voucher: Simulator
) -> None:
    visit = VoucherVisit(jiangmen, voucher, visit={"department": DENTAL, "channel": "ordinary"})
    assert refused(visit.open(), "appointments", registered()) == ["APPOINTMENT_CHANNEL"]
