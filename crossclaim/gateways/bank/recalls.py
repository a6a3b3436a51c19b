"""Writes camt.056.001.08: a payer's wish that a payment be cancelled, the same case each time."""

from __future__ import annotations

from datetime import datetime

from pyiso20022.camt import camt_056_001_08 as camt

from crossclaim.domain.party import PaymentOrder
from crossclaim.gateways.bank.identifiers import message_id, recall_case, recall_id
from crossclaim.gateways.bank.orders import CNAPS, ORDER_TYPE, moment, xml

RECALL_TYPE = "camt.056.001.08"


def cancellation_request(
    order: PaymentOrder, reason: str, number: int, at: datetime, initiating_party: str
) -> bytes:
    """About an order's reference, naming the message of its newest attempt."""
    original = message_id(order.reference, order.attempt)
    ours = camt.Party40Choice(pty=camt.PartyIdentification135(nm=initiating_party))
    case = camt.Case5(id=recall_case(order.reference), cretr=ours)
    why = camt.PaymentCancellationReason5(rsn=camt.CancellationReason33Choice(cd=reason))
    group = camt.OriginalGroupInformation29(orgnl_msg_id=original, orgnl_msg_nm_id=ORDER_TYPE)
    transaction = camt.PaymentTransaction106(
        cxl_id=recall_id(order.reference, number),
        case=case,
        orgnl_grp_inf=group,
        orgnl_instr_id=original,
        orgnl_end_to_end_id=order.reference,
        cxl_rsn_inf=[why],
    )
    message = camt.FitoFipaymentCancellationRequestV08(
        assgnmt=camt.CaseAssignment5(
            id=recall_id(order.reference, number),
            assgnr=ours,
            assgne=camt.Party40Choice(agt=_agent(order.debtor.agent_code)),
            cre_dt_tm=moment(at),
        ),
        case=case,
        undrlyg=[camt.UnderlyingTransaction23(tx_inf=[transaction])],
    )
    return xml(camt.Document(fito_fipmt_cxl_req=message), RECALL_TYPE)


def _agent(code: str) -> camt.BranchAndFinancialInstitutionIdentification6:
    system = camt.ClearingSystemIdentification2Choice(cd=CNAPS)
    member = camt.ClearingSystemMemberIdentification2(clr_sys_id=system, mmb_id=code)
    institution = camt.FinancialInstitutionIdentification18(clr_sys_mmb_id=member)
    return camt.BranchAndFinancialInstitutionIdentification6(fin_instn_id=institution)
