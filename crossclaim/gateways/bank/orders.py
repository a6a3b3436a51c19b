"""Writes pain.001.001.09 and pacs.028.001.05, the same bytes for the same order and attempt.

Every text is checked against the length and pattern that the official schema gives its field, so a
file that a bank must refuse is never written. Texts of errors name the field, never its content.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import Field, fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from pyiso20022.pacs import pacs_028_001_05 as pacs
from pyiso20022.pain import pain_001_001_09 as pain
from xsdata.formats.dataclass.serializers import XmlSerializer
from xsdata.formats.dataclass.serializers.config import SerializerConfig
from xsdata.models.datatype import XmlDate, XmlDateTime

from crossclaim.config import RailWire
from crossclaim.domain.errors import Final
from crossclaim.domain.party import PaymentOrder
from crossclaim.gateways.bank.document import BANK_ZONE
from crossclaim.gateways.bank.identifiers import inquiry_id, message_id

ORDER_TYPE = "pain.001.001.09"
INQUIRY_TYPE = "pacs.028.001.05"

CNAPS = "CNCIP"
"""China's clearing system in the ISO list of clearing systems."""

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def payment_order(
    order: PaymentOrder, initiating_party: str, rail: RailWire | None = None
) -> bytes:
    """The pain.001 of one attempt, with what its bank wants to be told of the ``rail``. Raises
    ``Final`` for what its fields cannot hold."""
    if order.amount.amount_minor <= 0:
        raise Final("a payment must be of more than nothing", code="BANK_AMOUNT_INVALID")
    msg_id = message_id(order.reference, order.attempt)
    amount = Decimal(order.amount.decimal_text())
    message = pain.CustomerCreditTransferInitiationV09(
        grp_hdr=pain.GroupHeader85(
            msg_id=msg_id,
            cre_dt_tm=moment(order.created_at),
            nb_of_txs="1",
            ctrl_sum=amount,
            initg_pty=pain.PartyIdentification135(nm=initiating_party),
        ),
        pmt_inf=[
            pain.PaymentInstruction30(
                pmt_inf_id=msg_id,
                pmt_mtd=pain.PaymentMethod3Code.TRF,
                btch_bookg=rail.batch_booking if rail else None,
                pmt_tp_inf=_type(rail),
                nb_of_txs="1",
                ctrl_sum=amount,
                reqd_exctn_dt=pain.DateAndDateTime2Choice(dt=XmlDate.from_date(order.execute_on)),
                dbtr=pain.PartyIdentification135(nm=order.debtor.holder),
                dbtr_acct=_account(order.debtor.number),
                dbtr_agt=_agent(order.debtor.agent_code),
                cdt_trf_tx_inf=[_transaction(order, msg_id, amount)],
            )
        ],
    )
    return xml(pain.Document(cstmr_cdt_trf_initn=message), ORDER_TYPE)


def _type(rail: RailWire | None) -> Any:
    if rail is None or not (rail.service_level or rail.local_instrument):
        return None
    level, instrument = rail.service_level, rail.local_instrument
    return pain.PaymentTypeInformation26(
        svc_lvl=[pain.ServiceLevel8Choice(cd=level)] if level else [],
        lcl_instrm=pain.LocalInstrument2Choice(prtry=instrument) if instrument else None,
    )


def _transaction(order: PaymentOrder, msg_id: str, amount: Decimal) -> Any:
    currency = order.amount.currency.value
    return pain.CreditTransferTransaction34(
        pmt_id=pain.PaymentIdentification6(instr_id=msg_id, end_to_end_id=order.reference),
        amt=pain.AmountType4Choice(
            instd_amt=pain.ActiveOrHistoricCurrencyAndAmount(value=amount, ccy=currency)
        ),
        cdtr_agt=_agent(order.creditor.bank_code),
        cdtr=pain.PartyIdentification135(nm=order.creditor.holder),
        cdtr_acct=_account(order.creditor.number),
        purp=pain.Purpose2Choice(prtry=order.purpose),
        rmt_inf=pain.RemittanceInformation16(ustrd=[order.remittance]),
    )


def _agent(code: str) -> Any:
    return pain.BranchAndFinancialInstitutionIdentification6(
        fin_instn_id=pain.FinancialInstitutionIdentification18(
            clr_sys_mmb_id=pain.ClearingSystemMemberIdentification2(
                clr_sys_id=pain.ClearingSystemIdentification2Choice(cd=CNAPS), mmb_id=code
            )
        )
    )


def _account(number: str) -> Any:
    other = pain.GenericAccountIdentification1(id=number)
    return pain.CashAccount38(id=pain.AccountIdentification4Choice(othr=other))


def status_request(order: PaymentOrder, inquiry: int, at: datetime) -> bytes:
    """The pacs.028 about an order's reference, naming the message of its first attempt."""
    first = message_id(order.reference, 1)
    message = pacs.FitoFipaymentStatusRequestV05(
        grp_hdr=pacs.GroupHeader91(
            msg_id=inquiry_id(order.reference, inquiry), cre_dt_tm=moment(at)
        ),
        orgnl_grp_inf=[
            pacs.OriginalGroupInformation27(orgnl_msg_id=first, orgnl_msg_nm_id=ORDER_TYPE)
        ],
        tx_inf=[
            pacs.PaymentTransaction131(orgnl_instr_id=first, orgnl_end_to_end_id=order.reference)
        ],
    )
    return xml(pacs.Document(fito_fipmt_sts_req=message), INQUIRY_TYPE)


def moment(at: datetime) -> XmlDateTime:
    """Whole seconds in the bank's zone."""
    local = at.replace(tzinfo=BANK_ZONE) if at.tzinfo is None else at.astimezone(BANK_ZONE)
    return XmlDateTime.from_datetime(local.replace(microsecond=0))


def xml(document: Any, message_type: str) -> bytes:
    for field, path, text in _texts(document, ""):
        _refuse_unfit(field, path, text)
    serializer = XmlSerializer(config=SerializerConfig(encoding="UTF-8", xml_declaration=True))
    namespace = f"urn:iso:std:iso:20022:tech:xsd:{message_type}"
    return serializer.render(document, ns_map={None: namespace}).encode()


def _texts(node: Any, path: str) -> Iterator[tuple[Field[Any], str, str]]:
    """Every text of a typed message, with the field that the schema describes and its path."""
    for field in fields(node):
        value = getattr(node, field.name)
        here = f"{path}/{field.metadata.get('name', field.name)}"
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, str):
                yield field, here, item
            elif is_dataclass(item):
                yield from _texts(item, here)


def _refuse_unfit(field: Field[Any], path: str, text: str) -> None:
    limit = field.metadata.get("max_length")
    pattern = field.metadata.get("pattern")
    if not text.strip():
        raise Final(f"{path} is empty", code="BANK_FIELD_LENGTH")
    if limit is not None and len(text) > limit:
        raise Final(f"{path} is longer than {limit} characters", code="BANK_FIELD_LENGTH")
    if _NOT_XML.search(text) or (pattern and not re.fullmatch(pattern, text)):
        raise Final(f"{path} has a character that it cannot hold", code="BANK_FIELD_CHARACTER")
