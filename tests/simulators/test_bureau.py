"""The bureau simulator over its wire: what it decides, remembers, takes back and spoils."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.simulators.bureau_desk import (
    DAUGHTER,
    FATHER,
    INSTITUTION,
    PATH,
    SECRET,
    BureauDesk,
    Row,
    split,
)
from tests.simulators.party_process import PartyProcess, running

NOW = "2025-04-10T10:20:00+08:00"
M1 = f"{INSTITUTION}AAAAAAAAAAAAAAAAAA"


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PartyProcess]:
    folder = tmp_path_factory.mktemp("bureau")
    with running("bureau", folder, f"--signing-secret={SECRET}") as process:
        yield process


@pytest.fixture
def bureau(process: PartyProcess) -> BureauDesk:
    process.reset()
    process.set_clock(NOW)
    return BureauDesk(process)


def person(bureau: BureauDesk, certno: str, **more: str) -> Row:
    return bureau.ask("1101", {"data": {"certno": certno, **more}})


def balance(bureau: BureauDesk, certno: str = "440703198803120002") -> str:
    return str(person(bureau, certno)["insuinfo"][0]["balc"])


def e8a(bureau: BureauDesk) -> Row:
    return bureau.visit(FATHER, ("GEN-CONSULT", "10.00"), ("DRUG", "120.00"))


def test_a_message_whose_signature_does_not_fit_is_refused(bureau: BureauDesk) -> None:
    body = bureau.envelope("1101", {"data": {"certno": "440703198803120002"}})
    told = bureau.say({**body, "cainfo": "0" * 64})
    assert (told["infcode"], told["output"]) == ("-1", {})
    assert told["err_msg"].startswith("SIGNATURE_WRONG")
    changed = bureau.say({**body, "input": {"data": {"certno": "44070319700101000X"}}})
    assert changed["err_msg"].startswith("SIGNATURE_WRONG")


def test_an_institution_that_is_not_designated_is_refused(bureau: BureauDesk) -> None:
    body = bureau.envelope("1101", {"data": {}}, fixmedins_code="H44070399999")
    assert bureau.say(body)["err_msg"].startswith("INSTITUTION_UNKNOWN")


def test_the_person_is_told_with_insurance_use_and_who_shares(bureau: BureauDesk) -> None:
    told = person(bureau, "440703195506200002")
    assert told["baseinfo"] == {"psn_no": FATHER, "card_psn_no": FATHER}
    assert told["insuinfo"][0]["insutype"] == "390"
    assert told["cuminfo"] == [
        {"med_type": "11", "cum_type": "year", "cum_ym": "2025", "cum": "46.00"}
    ]
    assert [(m["rlts"], m["balc"]) for m in told["mulaidinfo"]] == [("parent", "412.60")]


def test_another_ones_card_is_told_as_such(bureau: BureauDesk) -> None:
    told = person(bureau, "440703195506200002", card_sn="C44070001")
    assert told["baseinfo"] == {"psn_no": FATHER, "card_psn_no": DAUGHTER}


def test_a_person_who_is_not_insured_is_unknown(bureau: BureauDesk) -> None:
    assert bureau.refused("1101", {"data": {"certno": "X"}}) == "PERSON_UNKNOWN"


def test_e8_a_the_fund_pays_what_its_year_leaves_and_the_daughter_the_rest(
    bureau: BureauDesk,
) -> None:
    asked = e8a(bureau)
    assert split(bureau.ask("2206", asked)) == ("4.00", "0.00", "126.00", "0.00")
    assert balance(bureau) == "412.60"
    assert split(bureau.ask("2207", asked)) == ("4.00", "0.00", "126.00", "0.00")
    assert balance(bureau) == "286.60"
    assert person(bureau, "440703195506200002")["cuminfo"][0]["cum"] == "50.00"


def test_e8_b_month_limit_then_her_own_account_then_cash(bureau: BureauDesk) -> None:
    bureau.ask("2207", e8a(bureau))
    asked = bureau.visit(DAUGHTER, ("DRUG", "300.00"), ("OWN-EXPENSE", "20.00"))
    assert split(bureau.ask("2207", asked)) == ("25.00", "286.60", "0.00", "8.40")
    assert balance(bureau) == "0.00"


def test_a_settlement_is_made_once_under_one_message_however_often_it_comes(
    bureau: BureauDesk,
) -> None:
    asked = e8a(bureau)
    first, second = bureau.ask("2207", asked, M1), bureau.ask("2207", asked, M1)
    assert first == second
    assert len(bureau.process.journal("settled")) == 1


def test_the_same_lines_under_another_message_are_settled_again(bureau: BureauDesk) -> None:
    """It does not protect its callers; a twin that sends anew must be seen to pay twice."""
    asked = e8a(bureau)
    bureau.ask("2207", asked)
    bureau.ask("2207", asked)
    assert len(bureau.process.journal("settled")) == 2


def test_a_cancelled_settlement_gives_account_and_use_back_once(bureau: BureauDesk) -> None:
    settled = bureau.ask("2207", e8a(bureau))["setlinfo"]
    back = {"data": {k: settled[k] for k in ("psn_no", "mdtrt_id", "setl_id")}}
    first, second = bureau.ask("2208", back), bureau.ask("2208", back)
    assert first == second
    assert first["setlinfo"]["fund_pay_sumamt"] == "-4.00"
    assert balance(bureau) == "412.60"
    assert person(bureau, "440703195506200002")["cuminfo"][0]["cum"] == "46.00"


def test_a_reversed_message_is_undone_and_never_executed_afterwards(bureau: BureauDesk) -> None:
    asked = e8a(bureau)
    bureau.ask("2207", asked, M1)
    back = {"data": {"psn_no": FATHER, "omsgid": M1, "oinfno": "2207"}}
    bureau.ask("2601", back)
    bureau.ask("2601", back)
    assert balance(bureau) == "412.60"
    late = f"{INSTITUTION}BBBBBBBBBBBBBBBBBB"
    bureau.ask("2601", {"data": {"psn_no": FATHER, "omsgid": late, "oinfno": "2207"}})
    assert bureau.refused("2207", asked, late) == "MSGID_REVERSED"


def test_waiting_and_suspended_persons_get_no_pre_settlement(bureau: BureauDesk) -> None:
    for number, code in (("4", "WAITING_PERIOD"), ("5", "INSURED_SUSPENDED")):
        asked = bureau.visit(f"P440703000000000{number}", ("DRUG", "200.00"))
        assert bureau.refused("2206", asked) == code


def test_lines_that_do_not_add_up_to_the_fee_are_refused(bureau: BureauDesk) -> None:
    asked = e8a(bureau)
    asked["data"]["medfee_sumamt"] = "130.01"
    assert bureau.refused("2206", asked) == "FEE_DIFFERS"


def test_totals_agree_until_one_settlement_is_missing(bureau: BureauDesk) -> None:
    settled = bureau.ask("2207", e8a(bureau))["setlinfo"]["setl_id"]
    stretch = {
        "insutype": "390",
        "clr_type": "11",
        "setl_optins": "440703",
        "stmt_begndate": "2025-04-10",
        "stmt_enddate": "2025-04-10",
    }
    sums = {"medfee_sumamt": "130.00", "fund_pay_sumamt": "4.00", "acct_pay": "126.00"}
    whole = {"data": {**stretch, **sums, "fixmedins_setl_cnt": "1"}}
    assert bureau.ask("3201", whole)["stmtinfo"]["stmt_rslt"] == "0"
    whole["data"]["acct_pay"] = "126.01"
    assert bureau.ask("3201", whole)["stmtinfo"]["stmt_rslt"] == "1"
    told = bureau.ask("3202", {"data": {**stretch, "detail": []}})["result"]
    assert [(d["setl_id"], d["stmt_rslt"]) for d in told] == [(settled, "NOT_WITH_HOSPITAL")]
    theirs = [{"setl_id": settled, **sums, "acct_pay": "1.00"}, {"setl_id": "S0", **sums}]
    told = bureau.ask("3202", {"data": {**stretch, "detail": theirs}})["result"]
    assert [d["stmt_rslt"] for d in told] == ["NOT_WITH_BUREAU", "AMOUNT_DIFFERS"]


def test_a_settlement_whose_answer_is_lost_survives_the_death_of_the_process(
    bureau: BureauDesk,
) -> None:
    asked = e8a(bureau)
    bureau.process.set_faults({"match": {"infno": "2207"}, "fault": "accepted_answer_lost"})
    body = bureau.envelope("2207", asked, M1)
    with pytest.raises(httpx.TransportError):
        bureau.process.client.post(PATH, json=body, headers={"Idempotency-Key": M1})
    bureau.process.restart_after_kill()
    assert split(bureau.ask("2207", asked, M1)) == ("4.00", "0.00", "126.00", "0.00")
    assert len(bureau.process.journal("settled")) == 1


@pytest.mark.parametrize("fault", ["split_wrong", "other_person", "other_amount", "other_currency"])
def test_a_scripted_contradiction_has_a_right_signature(bureau: BureauDesk, fault: str) -> None:
    asked = e8a(bureau)
    right = bureau.ask("2206", asked)["setlinfo"]
    bureau.process.set_faults({"match": {"infno": "2206"}, "fault": fault})
    assert bureau.ask("2206", asked)["setlinfo"] != right
    assert bureau.ask("2206", asked)["setlinfo"] == right
