"""A healthcare security bureau over the national interface (``docs/wire/bureau.md``)."""

from __future__ import annotations

from typing import Any

from pydantic import SecretStr

from crossclaim.domain.bureau import (
    BasicPerson,
    CancelOrder,
    DischargeOrder,
    LineJudged,
    PersonQuery,
    Registered,
    SettledDetail,
    SettledDifference,
    SettledTotal,
    SettlementOrder,
    SettlementSplit,
    StayOrder,
    VisitOrder,
)
from crossclaim.domain.errors import Final
from crossclaim.domain.identity import normalised
from crossclaim.domain.submission import DocumentType
from crossclaim.gateways.bureau_envelope import BureauCall, contradicts, message_id
from crossclaim.gateways.bureau_numbers import (
    CANCEL_ADMISSION,
    CANCEL_DISCHARGE,
    DISCHARGE,
    STAYS,
    VISITS,
    WHOLE_STAY,
    numbers_of,
)
from crossclaim.gateways.bureau_person import INSURANCES, person_of
from crossclaim.gateways.bureau_shapes import (
    MED_TYPES,
    PURCHASE,
    Cancelled,
    Compared,
    Differences,
    Differing,
    Discharged,
    Judged,
    Person,
    Reversed,
    Settlement,
    Visit,
    moment,
    written,
)
from crossclaim.gateways.bureau_split import checked
from crossclaim.gateways.http import PartyHttp

_CODES = {insurance: code for code, insurance in INSURANCES.items()}
_DOCUMENTS = {DocumentType.MAINLAND_ID: "01"}


class BureauGateway:
    """``activities.ports.Bureau`` over HTTP. Every answer is checked before it is handed on."""

    def __init__(self, http: PartyHttp, secret: SecretStr) -> None:
        self._call = BureauCall(http, secret)

    def look_up(self, query: PersonQuery) -> BasicPerson | None:
        """1101; None when the bureau knows no such insured person."""
        data = {
            "mdtrt_cert_type": "03" if query.card_number else "02",
            "card_sn": query.card_number,
            "psn_cert_type": _DOCUMENTS.get(query.document.type, query.document.type.value),
            "certno": normalised(query.document.number),
            "psn_name": query.name.zh or query.name.en or "",
        }
        try:
            told, whole = self._call.send(
                "1101",
                query.institution,
                "",
                query.reference,
                {"data": data},
                query.at,
                Person.model_validate,
                safe=True,
            )
        except Final as error:
            if error.code == "PERSON_UNKNOWN":
                return None
            raise
        if not told.insuinfo:
            return None
        return person_of(told, whole)

    def register(self, order: VisitOrder) -> Registered:
        """2201, of a stay 2401: its number at the bureau."""
        data = {
            "psn_no": order.person_number,
            "ipt_otp_no": order.visit_number,
            "med_type": PURCHASE if order.pharmacy else MED_TYPES[order.care],
            "dise_class": order.disease_class,
            "out_filing_no": order.filing,
        }
        if order.begins is not None:
            data["begntime"] = moment(order.begins)
        infno = (VISITS if order.begins is None else STAYS).register
        told, whole = self._call.send(
            infno,
            order.institution,
            order.area_code,
            order.reference,
            {"data": data},
            order.at,
            Visit.model_validate,
            safe=True,
        )
        if told.psn_no != order.person_number:
            raise contradicts("BUREAU_OTHER_PERSON", infno, whole)
        filed = None if told.out_filing_flag is None else told.out_filing_flag == "1"
        return Registered(visit_id=told.mdtrt_id, filed=filed)

    def discharge(self, order: DischargeOrder) -> None:
        """2402: the stay is over; again: the same."""
        self._stay(DISCHARGE, order, order.reference, endtime=moment(order.ends))

    def take_back_stay(self, order: StayOrder) -> None:
        """2302, 2405, 2404: nothing of the stay is left at the bureau; again: the same."""
        self._stay(STAYS.withdraw, order, f"{order.reference}W", chrg_bchno=WHOLE_STAY)
        self._stay(CANCEL_DISCHARGE, order, f"{order.reference}D")
        self._stay(CANCEL_ADMISSION, order, order.reference)

    def _stay(self, infno: str, order: StayOrder, reference: str, **more: str) -> None:
        told, whole = self._call.send(
            infno,
            order.institution,
            order.area_code,
            reference,
            {"data": {"psn_no": order.person_number, "mdtrt_id": order.visit_id, **more}},
            order.at,
            Discharged.model_validate,
            safe=True,
        )
        if told.psn_no != order.person_number:
            raise contradicts("BUREAU_OTHER_PERSON", infno, whole)
        if told.mdtrt_id != order.visit_id:
            raise contradicts("BUREAU_OTHER_VISIT", infno, whole)

    def upload(self, order: SettlementOrder) -> list[LineJudged]:
        """2204 or 2301: what the catalogue says of each line."""
        infno = numbers_of(order.stay).upload
        lines = [
            {
                "feedetl_sn": str(line.number),
                "mdtrt_id": order.visit_id,
                "psn_no": order.person_number,
                "chrg_bchno": order.batch,
                "med_list_codg": line.code,
                "fee_ocur_time": f"{line.day.isoformat()} 00:00:00",
                "cnt": str(line.quantity),
                "pric": written(line.unit_price),
                "det_item_fee_sumamt": written(line.amount),
            }
            for line in order.lines
        ]
        told, whole = self._order(infno, order, {"feedetail": lines}, "L", Judged.model_validate)
        amounts = {str(line.number): line.amount for line in order.lines}
        found = {line.feedetl_sn: line for line in told.result}
        if found.keys() != amounts.keys() or len(found) != len(told.result):
            raise contradicts("BUREAU_OTHER_LINES", infno, whole)
        for number, line in found.items():
            if line.det_item_fee_sumamt != amounts[number] or line.inscp_scp_amt > amounts[number]:
                raise contradicts("BUREAU_OTHER_AMOUNT", infno, whole)
        return [
            LineJudged(number=int(n), eligible=x.inscp_scp_amt, kind=x.med_chrgitm_type)
            for n, x in found.items()
        ]

    def withdraw(self, order: SettlementOrder) -> None:
        """2205: the bill's lines are taken back before they were settled; 2302: all of the stay."""
        about = {**_about(order), "chrg_bchno": WHOLE_STAY} if order.stay else _about(order)
        self._order(numbers_of(order.stay).withdraw, order, {"data": about}, "W", dict)

    def pre_settle(self, order: SettlementOrder) -> SettlementSplit:
        """2206 or 2303: who would pay what; nothing moves."""
        infno, read = numbers_of(order.stay).pre_settle, Settlement.model_validate
        told, whole = self._order(infno, order, _settling(order), "P", read)
        return checked(order, told, whole, infno, settled=False)

    def settle(self, order: SettlementOrder) -> SettlementSplit:
        """2207 or 2304: the money moves. Asking twice under one reference moves it once."""
        infno, read = numbers_of(order.stay).settle, Settlement.model_validate
        told, whole = self._order(infno, order, _settling(order), "", read, safe=False)
        return checked(order, told, whole, infno, settled=True)

    def cancel(self, order: CancelOrder) -> None:
        """2208 or 2305: a settlement is taken back; again: the same."""
        infno = numbers_of(order.stay).cancel
        data = {
            "psn_no": order.person_number,
            "mdtrt_id": order.visit_id,
            "setl_id": order.settlement,
        }
        told, whole = self._take_back(infno, order, data, Cancelled.model_validate)
        if (told.setlinfo.psn_no, told.setlinfo.init_setl_id) != (
            order.person_number,
            order.settlement,
        ):
            raise contradicts("BUREAU_OTHER_SETTLEMENT", infno, whole)

    def reverse(self, order: CancelOrder) -> None:
        """2601: whatever our settlement message did is undone; if it never came, it never will."""
        original = message_id(order.institution, order.original)
        undone = numbers_of(order.stay).settle
        data = {"psn_no": order.person_number, "omsgid": original, "oinfno": undone}
        told, whole = self._take_back("2601", order, data, Reversed.model_validate)
        if (told.psn_no, told.omsgid) != (order.person_number, original):
            raise contradicts("BUREAU_OTHER_MESSAGE", "2601", whole)

    def totals_agree(self, held: SettledTotal) -> bool:
        """3201: True when the bureau has the same sums."""
        data = {
            **_stretch(held),
            "medfee_sumamt": written(held.fee),
            "fund_pay_sumamt": written(held.fund),
            "acct_pay": written(held.account),
            "fixmedins_setl_cnt": str(held.count),
        }
        told, whole = self._call.send(
            "3201",
            held.institution,
            held.area_code,
            held.reference,
            {"data": data},
            held.at,
            Compared.model_validate,
            safe=True,
        )
        if told.stmtinfo.setl_optins != held.area_code:
            raise contradicts("BUREAU_OTHER_AREA", "3201", whole)
        return told.stmtinfo.stmt_rslt == "0"

    def differences(
        self, held: SettledTotal, details: list[SettledDetail]
    ) -> list[SettledDifference]:
        """3202: every settlement that one side lacks or has with other amounts."""
        listed = [
            {
                "setl_id": d.settlement,
                "medfee_sumamt": written(d.fee),
                "fund_pay_sumamt": written(d.fund),
                "acct_pay": written(d.account),
            }
            for d in details
        ]
        told, _ = self._call.send(
            "3202",
            held.institution,
            held.area_code,
            f"{held.reference}D",
            {"data": {**_stretch(held), "detail": listed}},
            held.at,
            Differences.model_validate,
            safe=True,
        )
        return [_difference(one) for one in told.result]

    def _order(
        self,
        infno: str,
        order: SettlementOrder,
        content: dict[str, Any],
        suffix: str,
        read: Any,
        *,
        safe: bool = True,
    ) -> tuple[Any, Any]:
        return self._call.send(
            infno,
            order.institution,
            order.area_code,
            f"{order.reference}{suffix}",
            content,
            order.at,
            read,
            safe=safe,
        )

    def _take_back(
        self, infno: str, order: CancelOrder, data: dict[str, str], read: Any
    ) -> tuple[Any, Any]:
        return self._call.send(
            infno,
            order.institution,
            order.area_code,
            order.reference,
            {"data": data},
            order.at,
            read,
            safe=False,
        )


def _about(order: SettlementOrder) -> dict[str, str]:
    return {
        "psn_no": order.person_number,
        "mdtrt_id": order.visit_id,
        "chrg_bchno": order.batch,
    }


def _settling(order: SettlementOrder) -> dict[str, Any]:
    data = {
        **_about(order),
        "clr_type": numbers_of(order.stay).clearing,
        "medfee_sumamt": written(order.total),
        "pool_used_flag": "1" if order.fund_used else "0",
        "acct_used_flag": "1" if order.account_used else "0",
    }
    if order.family_number is not None:
        data["mulaid_psn_no"] = order.family_number
    if order.stay:
        del data["chrg_bchno"]
        data["mid_setl_flag"] = "1" if order.interim else "0"
    return {"data": data}


def _stretch(held: SettledTotal) -> dict[str, str]:
    return {
        "insutype": _CODES[held.insurance],
        "clr_type": numbers_of(held.stay).clearing,
        "setl_optins": held.area_code,
        "stmt_begndate": held.begins.isoformat(),
        "stmt_enddate": held.ends.isoformat(),
    }


def _difference(one: Differing) -> SettledDifference:
    theirs = None
    if one.medfee_sumamt and one.fund_pay_sumamt is not None and one.acct_pay is not None:
        theirs = SettledDetail(
            settlement=one.setl_id,
            fee=one.medfee_sumamt,
            fund=one.fund_pay_sumamt,
            account=one.acct_pay,
        )
    return SettledDifference(settlement=one.setl_id, kind=one.stmt_rslt, theirs=theirs)
