"""The bureau gateway against the simulator, and against answers that cannot be true."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import SecretStr

from activities.ports import Bureau
from crossclaim.domain.basic_facts import Period
from crossclaim.domain.bureau import (
    AnswerContradicts,
    BasicPerson,
    LineJudged,
    SettledDetail,
    SettledTotal,
)
from crossclaim.domain.errors import Final, OutcomeUnknown, Retryable
from crossclaim.domain.insured import Insurance, InsuredStatus, Relation
from crossclaim.domain.money import fen
from crossclaim.gateways.bureau import BureauGateway
from crossclaim.gateways.bureau_envelope import message_id, signature
from crossclaim.gateways.http import PartyHttp
from tests.gateways.bureau_scene import (
    DAUGHTER_ID,
    DRUG,
    FATHER_ID,
    FEE,
    HERE,
    NOW,
    charge,
    order,
    query,
    taking_back,
    uploaded,
)
from tests.gateways.raw_party import RawParty, answer
from tests.gateways.simulated_party import API_KEY, SimulatedParty

SECRET = SecretStr("simulator-secret")
E8A = (charge(1, FEE, 1000), charge(2, DRUG, 12000))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedParty]:
    with SimulatedParty("bureau", tmp_path_factory.mktemp("bureau")) as party:
        yield party


@pytest.fixture
def bureau(running: SimulatedParty) -> SimulatedParty:
    running.reset(NOW.isoformat())
    return running


@pytest.fixture
def gateway(bureau: SimulatedParty) -> Iterator[BureauGateway]:
    http = bureau.http()
    yield BureauGateway(http, SECRET)
    http.close()


def parts(gateway_said: Any) -> list[int]:
    names = ("fund", "account", "family", "cash", "hospital")
    return [getattr(gateway_said, name).amount_minor for name in names]


def test_the_gateway_is_the_port_that_activities_expect(gateway: BureauGateway) -> None:
    port: Bureau = gateway
    assert port is gateway


def test_a_person_is_read_with_insurance_enrolment_use_and_sharing(gateway: BureauGateway) -> None:
    father = gateway.look_up(query(FATHER_ID))
    assert father is not None and father.family is not None and father.enrolment is not None
    assert (father.insurance, father.status) == (Insurance.RESIDENT, InsuredStatus.ACTIVE)
    assert (father.enrolment.missed_years, father.enrolment.late) == (0, False)
    assert [(u.period, u.when, u.amount) for u in father.used] == [(Period.YEAR, "2025", fen(4600))]
    assert (father.family.relation, father.family.balance) == (Relation.PARENT, fen(41260))
    assert father.contracted == [HERE.code]
    daughter = gateway.look_up(query(DAUGHTER_ID))
    assert daughter is not None
    assert (daughter.retired, daughter.balance, daughter.family) == (False, fen(41260), None)


def test_a_card_of_somebody_else_is_seen(gateway: BureauGateway) -> None:
    own, others = gateway.look_up(query(FATHER_ID, "C44070002")), query(FATHER_ID, "C44070001")
    shown = gateway.look_up(others)
    assert own is not None and own.own_card
    assert shown is not None and not shown.own_card


def test_a_person_without_insurance_is_none_and_no_error(gateway: BureauGateway) -> None:
    assert gateway.look_up(query("440703190001010008")) is None


def test_the_same_visit_is_registered_once(gateway: BureauGateway, bureau: SimulatedParty) -> None:
    first = uploaded(gateway, FATHER_ID, *E8A)
    assert uploaded(gateway, FATHER_ID, *E8A).visit_id == first.visit_id
    assert len(bureau.journal("registered")) == 1


def test_lines_come_back_with_what_is_eligible_and_what_they_are(gateway: BureauGateway) -> None:
    lines = (charge(1, FEE, 1000), charge(2, "OWN-EXPENSE", 2000))
    ready = uploaded(gateway, FATHER_ID, *lines)
    assert gateway.upload(ready) == [
        LineJudged(number=1, eligible=fen(1000), kind="12"),
        LineJudged(number=2, eligible=fen(0), kind="14"),
    ]
    gateway.withdraw(ready)
    with pytest.raises(Final) as caught:
        gateway.pre_settle(ready)
    assert caught.value.code == "FEE_DIFFERS"


def test_e8_a_is_pre_settled_settled_and_taken_back(
    gateway: BureauGateway, bureau: SimulatedParty
) -> None:
    ready = uploaded(gateway, FATHER_ID, *E8A)
    before = gateway.pre_settle(ready)
    assert parts(before) == [400, 0, 12600, 0, 0]
    assert (before.settlement, before.family_balance) == ("", fen(28660))
    assert [part.limit_left for part in before.parts] == [fen(400)]
    settled = gateway.settle(ready)
    assert settled.same_parts(before) and settled.settlement
    assert gateway.settle(ready) == settled
    back = taking_back(ready, settlement=settled.settlement)
    gateway.cancel(back)
    gateway.cancel(back)
    assert [len(bureau.journal(kind)) for kind in ("settled", "cancelled")] == [1, 1]


def test_an_unknown_settlement_is_reversed_by_its_reference_and_cannot_come_late(
    gateway: BureauGateway, bureau: SimulatedParty
) -> None:
    ready = uploaded(gateway, FATHER_ID, *E8A)
    bureau.script("accepted_answer_lost", match={"infno": "2207"})
    with pytest.raises(OutcomeUnknown):
        gateway.settle(ready)
    gateway.reverse(taking_back(ready, original=ready.reference))
    assert [len(bureau.journal(kind)) for kind in ("settled", "reversed")] == [1, 1]
    again = ready.model_copy(update={"reference": "BQ1R1"})
    assert parts(gateway.settle(again)) == [400, 0, 12600, 0, 0]
    gateway.reverse(taking_back(ready, original="never-sent"))
    with pytest.raises(Final) as caught:
        gateway.settle(ready.model_copy(update={"reference": "never-sent"}))
    assert caught.value.code == "MSGID_REVERSED"


def test_totals_and_details_find_what_differs(gateway: BureauGateway) -> None:
    settled = gateway.settle(uploaded(gateway, FATHER_ID, *E8A))
    held = SettledTotal(
        reference="BT1",
        institution=HERE,
        area_code="440703",
        insurance=Insurance.RESIDENT,
        begins=NOW.date(),
        ends=NOW.date(),
        fee=fen(13000),
        fund=fen(400),
        account=fen(12600),
        count=1,
        at=NOW,
    )
    assert gateway.totals_agree(held)
    assert not gateway.totals_agree(held.model_copy(update={"reference": "BT2", "fund": fen(401)}))
    other = SettledDetail(settlement="S0", fee=fen(1), fund=fen(1), account=fen(0))
    found = gateway.differences(held, [other])
    assert {d.kind: d.settlement for d in found} == {
        "NOT_WITH_BUREAU": "S0",
        "NOT_WITH_HOSPITAL": settled.settlement,
    }


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("split_wrong", "BUREAU_SPLIT_NOT_EQUAL"),
        ("other_person", "BUREAU_OTHER_PERSON"),
        ("other_amount", "BUREAU_OTHER_AMOUNT"),
        ("other_currency", "BUREAU_OTHER_CURRENCY"),
        ("bad_signature", "BUREAU_SIGNATURE_WRONG"),
        ("other_msgid", "BUREAU_OTHER_MESSAGE"),
    ],
)
@pytest.mark.parametrize("infno", ["2206", "2207"])
def test_an_answer_that_cannot_be_true_is_never_believed_and_comes_back_whole(
    gateway: BureauGateway, bureau: SimulatedParty, infno: str, fault: str, code: str
) -> None:
    ready = uploaded(gateway, FATHER_ID, *E8A)
    bureau.script(fault, match={"infno": infno})
    call = gateway.pre_settle if infno == "2206" else gateway.settle
    with pytest.raises(AnswerContradicts) as caught:
        call(ready)
    assert caught.value.code == code
    assert "setlinfo" in json.loads(caught.value.document)["output"]
    assert "440703" not in caught.value.detail


@pytest.mark.parametrize(
    ("fault", "infno", "kind"),
    [
        ("down", "2207", Retryable),
        ("error_500", "2207", OutcomeUnknown),
        ("error_500", "2206", Retryable),
        ("already_settled", "2207", Final),
    ],
)
def test_a_failed_call_means_what_the_table_of_the_client_says(
    gateway: BureauGateway,
    bureau: SimulatedParty,
    fault: str,
    infno: str,
    kind: type[Exception],
) -> None:
    ready = uploaded(gateway, FATHER_ID, *E8A)
    bureau.script(fault, match={"infno": infno})
    call = gateway.pre_settle if infno == "2206" else gateway.settle
    with pytest.raises(kind):
        call(ready)


def signed_answer(reference: str, output: dict[str, Any], **members: Any) -> bytes:
    """What a bureau that knows the secret says, however foolish."""
    msgid = message_id(HERE, reference)
    head = f"0\n{msgid}\n20250410102000000"
    body = {
        "infcode": "0",
        "inf_refmsgid": msgid,
        "respond_time": "20250410102000000",
        "err_msg": "",
        "signtype": "HMAC-SHA256",
        "cainfo": signature(SECRET, head, output),
        "output": output,
        **members,
    }
    return json.dumps(body).encode()


SETLINFO = {
    "psn_no": "P1",
    "mdtrt_id": "M1",
    "setl_id": "S1",
    "medfee_sumamt": "130.00",
    "fund_pay_sumamt": "4.00",
    "acct_pay": "0.00",
    "acct_mulaid_pay": "126.00",
    "psn_cash_pay": "0.00",
    "hosp_part_amt": "0.00",
    "balc": "0.00",
    "mulaid_balc": "0.00",
}
DETAIL = [{"fund_pay_type": "390100", "crt_payb_lmt_amt": "", "fund_payamt": "4.00"}]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"acct_mulaid_pay": "-126.00", "psn_cash_pay": "252.00"}, "BUREAU_ANSWER_UNREADABLE"),
        ({"fund_pay_sumamt": "4.0"}, "BUREAU_ANSWER_UNREADABLE"),
        ({"fund_pay_sumamt": 4}, "BUREAU_ANSWER_UNREADABLE"),
        ({"fund_pay_sumamt": "NaN"}, "BUREAU_ANSWER_UNREADABLE"),
        ({"setl_id": ""}, "BUREAU_SETTLEMENT_MISSING"),
        ({"fund_pay_sumamt": "3.00", "psn_cash_pay": "1.00"}, "BUREAU_SPLIT_NOT_EQUAL"),
        ({"mdtrt_id": "M2"}, "BUREAU_OTHER_VISIT"),
        ({"hifp_pay": "3.99"}, "BUREAU_SPLIT_NOT_EQUAL"),
        ({"hifp_pay": "4.00", "hifes_pay": "0.01"}, "BUREAU_SPLIT_NOT_EQUAL"),
        ({"inscp_scp_amt": "129.99", "fulamt_ownpay_amt": "0.00"}, "BUREAU_SPLIT_NOT_EQUAL"),
        ({"hosp_part_amt": "1.00"}, "BUREAU_SPLIT_NOT_EQUAL"),
    ],
)
def test_hostile_settlements_are_not_believed(changes: dict[str, Any], code: str) -> None:
    output = {"setlinfo": SETLINFO | changes, "setldetail": DETAIL}
    assert refused_by(signed_answer("BQ1", output)) == code


def test_money_from_a_purse_that_was_not_asked_is_not_believed() -> None:
    output = {"setlinfo": SETLINFO, "setldetail": DETAIL}
    assert refused_by(signed_answer("BQ1", output), account_used=False) == "BUREAU_PURSE_NOT_ASKED"


def test_an_answer_without_an_output_or_signature_is_an_unknown_outcome() -> None:
    for text in (b"{}", b"[]", b'{"infcode": "0"}', b"not json"):
        with pytest.raises(OutcomeUnknown):
            settle_with(text)


def refused_by(text: bytes, **changes: bool) -> str:
    with pytest.raises(AnswerContradicts) as caught:
        settle_with(text, **changes)
    return caught.value.code


def settle_with(text: bytes, **changes: bool) -> None:
    person = BasicPerson(
        number="P1",
        area_code="440703",
        insurance=Insurance.RESIDENT,
        status=InsuredStatus.ACTIVE,
        balance=fen(0),
    )
    ready = order(person, "M1", *E8A).model_copy(update=changes)
    with RawParty(answer(200, text)) as party:
        http = PartyHttp(party.url, API_KEY, None, 2.0, "bureau")
        try:
            BureauGateway(http, SECRET).settle(ready)
        finally:
            http.close()
