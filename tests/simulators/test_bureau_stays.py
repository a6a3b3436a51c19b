"""The bureau simulator's stays over its wire: one bed at a time, one heap of lines."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.simulators.bureau_desk import SECRET, BureauDesk, Row, split
from tests.simulators.party_process import PartyProcess, running

EMPLOYEE, MOTHER = "P3702000000000001", "P3702000000000002"
BEGINS, ENDS = "2025-05-06 09:00:00", "2025-05-12 11:00:00"


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PartyProcess]:
    folder = tmp_path_factory.mktemp("bureau")
    with running("bureau", folder, f"--signing-secret={SECRET}") as process:
        yield process


@pytest.fixture
def bureau(process: PartyProcess) -> BureauDesk:
    process.reset()
    process.set_clock("2025-05-12T12:00:00+08:00")
    return BureauDesk(process)


def asked(person: str, number: str, **more: str) -> Row:
    about = {"psn_no": person, "ipt_otp_no": number, "med_type": "21", "begntime": BEGINS}
    return {"data": {**about, **more}}


def lines(stay: str, person: str, *charges: tuple[str, str], day: str = "2025-05-08") -> Row:
    detail = [
        {
            "feedetl_sn": str(number),
            "mdtrt_id": stay,
            "psn_no": person,
            "chrg_bchno": "B1",
            "med_list_codg": code,
            "fee_ocur_time": f"{day} 00:00:00",
            "cnt": "1",
            "pric": amount,
            "det_item_fee_sumamt": amount,
        }
        for number, (code, amount) in enumerate(charges, 1)
    ]
    return {"feedetail": detail}


def about(stay: str, person: str, fee: str, interim: str = "0") -> Row:
    data = {
        "psn_no": person,
        "mdtrt_id": stay,
        "mid_setl_flag": interim,
        "clr_type": "21",
        "medfee_sumamt": fee,
        "pool_used_flag": "1",
        "acct_used_flag": "0",
    }
    return {"data": data}


def ended(bureau: BureauDesk, stay: str, person: str) -> Row:
    data = {"psn_no": person, "mdtrt_id": stay, "endtime": ENDS}
    return bureau.ask("2402", {"data": data})


def test_a_stay_is_forecast_discharged_and_settled_once_by_its_own_tables(
    bureau: BureauDesk,
) -> None:
    stay = bureau.ask("2401", asked(EMPLOYEE, "ZY1"))["mdtrt_id"]
    bureau.ask("2301", lines(stay, EMPLOYEE, ("SURGERY", "50000.00"), ("OWN-EXPENSE", "2000.00")))
    told = bureau.ask("2303", about(stay, EMPLOYEE, "52000.00", "1"))
    assert split(told) == ("43212.00", "0.00", "0.00", "8788.00")
    assert (told["setlinfo"]["inscp_scp_amt"], told["setlinfo"]["clr_type"]) == ("50000.00", "21")
    assert bureau.refused("2304", about(stay, EMPLOYEE, "52000.00")) == "NOT_DISCHARGED"
    ended(bureau, stay, EMPLOYEE)
    settled = bureau.ask("2304", about(stay, EMPLOYEE, "52000.00"))["setlinfo"]["setl_id"]
    assert bureau.refused("2304", about(stay, EMPLOYEE, "52000.00")) == "STAY_SETTLED"
    assert bureau.refused("2301", lines(stay, EMPLOYEE, ("BED", "1.00"))) == "STAY_SETTLED"
    cancel = {"psn_no": EMPLOYEE, "mdtrt_id": stay, "setl_id": settled}
    bureau.ask("2305", {"data": cancel})
    bureau.ask("2304", about(stay, EMPLOYEE, "52000.00"))


def test_an_interim_bill_is_only_worked_out(bureau: BureauDesk) -> None:
    stay = bureau.ask("2401", asked(EMPLOYEE, "ZY1"))["mdtrt_id"]
    bureau.ask("2301", lines(stay, EMPLOYEE, ("SURGERY", "1000.00")))
    ended(bureau, stay, EMPLOYEE)
    assert bureau.refused("2304", about(stay, EMPLOYEE, "1000.00", "1")) == "INTERIM_NOT_SETTLED"


def test_nobody_lies_in_two_beds_and_the_same_stay_again_is_the_same(bureau: BureauDesk) -> None:
    first = bureau.ask("2401", asked(EMPLOYEE, "ZY1"))["mdtrt_id"]
    assert bureau.ask("2401", asked(EMPLOYEE, "ZY1"))["mdtrt_id"] == first
    assert bureau.refused("2401", asked(EMPLOYEE, "ZY2")) == "STAY_OPEN"
    ended(bureau, first, EMPLOYEE)
    assert ended(bureau, first, EMPLOYEE)["mdtrt_id"] == first
    second = bureau.ask("2401", asked(EMPLOYEE, "ZY2", begntime="2025-05-14 09:00:00"))
    assert second["mdtrt_id"] != first


def test_charges_lie_within_the_stay_and_are_withdrawn_together(bureau: BureauDesk) -> None:
    stay = bureau.ask("2401", asked(EMPLOYEE, "ZY1"))["mdtrt_id"]
    early = lines(stay, EMPLOYEE, ("BED", "1.00"), day="2025-05-05")
    assert bureau.refused("2301", early) == "LINE_OUTSIDE_STAY"
    bureau.ask("2301", lines(stay, EMPLOYEE, ("BED", "1000.00")))
    data = {"psn_no": EMPLOYEE, "mdtrt_id": stay, "chrg_bchno": "0000"}
    bureau.ask("2302", {"data": data})
    assert bureau.refused("2303", about(stay, EMPLOYEE, "1000.00")) == "FEE_DIFFERS"


def test_childbirth_has_a_share_of_its_own_and_an_employee_has_none(bureau: BureauDesk) -> None:
    for person, fund in ((MOTHER, "700.00"), (EMPLOYEE, None)):
        stay = bureau.ask("2401", asked(person, "ZY1", med_type="52"))["mdtrt_id"]
        bureau.ask("2301", lines(stay, person, ("DELIVERY", "1000.00")))
        if fund is None:
            assert bureau.refused("2303", about(stay, person, "1000.00")) == "NO_BENEFIT"
        else:
            assert split(bureau.ask("2303", about(stay, person, "1000.00")))[0] == fund


def test_a_filing_of_care_elsewhere_is_told_at_the_registration(bureau: BureauDesk) -> None:
    filed = asked(EMPLOYEE, "ZY1", out_filing_no="YD370202-2025-0061")
    assert bureau.ask("2401", filed)["out_filing_flag"] == "1"
    assert bureau.ask("2401", asked(MOTHER, "ZY2"))["out_filing_flag"] == "0"
    at_home = {"psn_no": "P4407030000000001", "ipt_otp_no": "MZ9", "med_type": "11"}
    assert bureau.ask("2201", {"data": at_home})["out_filing_flag"] == ""
