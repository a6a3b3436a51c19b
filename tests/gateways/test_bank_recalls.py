"""Requests to cancel are written as the standard has them, and answers read for what they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crossclaim.config import RailWire
from crossclaim.domain.errors import Final
from crossclaim.domain.party import PaymentState
from crossclaim.gateways.bank.orders import payment_order
from crossclaim.gateways.bank.recalls import cancellation_request
from tests.gateways.bank_scene import AT, REFERENCE, assert_official, bank, document, order, read
from tests.gateways.test_bank_orders import PAIN, text

CAMT = "camt.056.001.08"


def answer(status: str = "", *, whole: str = "CNCL", named: str = REFERENCE, **more: str) -> str:
    who = "<Pty><Nm>Bank</Nm></Pty>"
    reason = "<CxlStsRsnInf><Rsn><Cd>AGNT</Cd></Rsn></CxlStsRsnInf>" if "reason" in more else ""
    told = (
        f"<CxlDtls><TxInfAndSts><OrgnlEndToEndId>{named}</OrgnlEndToEndId>"
        f"<TxCxlSts>{status}</TxCxlSts>{reason}</TxInfAndSts></CxlDtls>"
        if status
        else ""
    )
    return document(
        f"camt.029.001.{more.get('version', '09')}",
        f"<RsltnOfInvstgtn><Assgnmt><Id>HB-29</Id><Assgnr>{who}</Assgnr><Assgne>{who}</Assgne>"
        "<CreDtTm>2025-10-14T12:00:00+08:00</CreDtTm></Assgnmt>"
        f"<RslvdCase><Id>{named}-r</Id><Cretr>{who}</Cretr></RslvdCase>"
        f"<Sts><Conf>{whole}</Conf></Sts>{told}</RsltnOfInvstgtn>",
        check=more.get("version", "09") == "09",
    )


def test_a_request_to_cancel_names_its_case_the_order_and_the_reason() -> None:
    first = cancellation_request(order(), "CUST", 1, AT, "crossclaim")
    root = assert_official(CAMT, first)
    about = "FIToFIPmtCxlReq/Undrlyg/TxInf/"
    assert text(root, "FIToFIPmtCxlReq/Assgnmt/Id") == f"{REFERENCE}-r1"
    assert text(root, f"{about}OrgnlEndToEndId") == REFERENCE
    assert text(root, f"{about}OrgnlInstrId") == f"{REFERENCE}-1"
    assert text(root, f"{about}CxlRsnInf/Rsn/Cd") == "CUST"
    again = assert_official(CAMT, cancellation_request(order(), "CUST", 2, AT, "crossclaim"))
    assert text(again, "FIToFIPmtCxlReq/Case/Id") == text(root, "FIToFIPmtCxlReq/Case/Id")
    assert text(again, "FIToFIPmtCxlReq/Assgnmt/Id") == f"{REFERENCE}-r2"


@pytest.mark.parametrize(
    ("told", "state", "reason"),
    [
        ({"status": "ACCR"}, PaymentState.RECALLED, ""),
        (
            {"status": "RJCR", "whole": "RJCR", "reason": "AGNT"},
            PaymentState.RECALL_REFUSED,
            "AGNT",
        ),
        ({"status": "PDCR", "whole": "PDCR"}, PaymentState.RECALL_PENDING, ""),
        ({"whole": "CNCL"}, PaymentState.RECALLED, ""),
        ({"whole": "RJCR"}, PaymentState.RECALL_REFUSED, ""),
        ({"whole": "INFO"}, PaymentState.RECALL_PENDING, ""),
        ({"status": "RJCR", "whole": "CNCL"}, PaymentState.RECALL_REFUSED, ""),
    ],
)
def test_an_answer_is_read_for_the_payment_that_it_names(
    tmp_path: Path, told: dict[str, Any], state: PaymentState, reason: str
) -> None:
    (report,) = read(tmp_path, answer(**told)).reports
    assert (report.reference, report.state, report.reason) == (REFERENCE, state, reason)
    assert (report.message_id, report.message_type) == ("HB-29", "camt.029.001.09")


@pytest.mark.parametrize(
    "told",
    [{"version": "02"}, {"status": "ACCR", "named": "not ours!"}, {"named": "", "whole": "CNCL"}],
)
def test_an_answer_of_an_old_version_or_about_nothing_of_ours_is_refused(
    tmp_path: Path, told: dict[str, Any]
) -> None:
    with pytest.raises(Final):
        read(tmp_path, answer(**told))


def test_a_bank_that_takes_no_recalls_is_sent_none(tmp_path: Path) -> None:
    with pytest.raises(Final, match="takes no requests to cancel"):
        bank(tmp_path).recall(order(), "CUST", 1, AT)
    assert list((tmp_path / "outbound").iterdir()) == []
    name = bank(tmp_path, recalls=True).recall(order(), "CUST", 1, AT)
    assert name == f"{REFERENCE}-r1.xml" and (tmp_path / "outbound" / name).is_file()


def test_a_rail_is_told_as_the_profile_has_it_and_else_not_at_all() -> None:
    wire = RailWire(service_level="URGP", local_instrument="CIPS", batch_booking=False)
    told = assert_official(PAIN, payment_order(order(rail="cips"), "crossclaim", wire))
    payment = "CstmrCdtTrfInitn/PmtInf/"
    assert text(told, f"{payment}BtchBookg") == "false"
    assert text(told, f"{payment}PmtTpInf/SvcLvl/Cd") == "URGP"
    assert text(told, f"{payment}PmtTpInf/LclInstrm/Prtry") == "CIPS"
    plain = payment_order(order(), "crossclaim")
    assert payment_order(order(rail="cips"), "crossclaim") == plain
    assert b"PmtTpInf" not in plain and b"BtchBookg" not in plain


def test_a_batch_is_told_by_its_booking_alone() -> None:
    wire = RailWire(batch_booking=True)
    told = payment_order(order(), "crossclaim", wire)
    assert_official(PAIN, told)
    assert b"<BtchBookg>true</BtchBookg>" in told and b"PmtTpInf" not in told
