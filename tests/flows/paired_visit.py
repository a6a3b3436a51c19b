"""Scenario E2 at the window: two who are paired, each with an account of his own in every test."""

from __future__ import annotations

from typing import Any

from tests.flows.hospital import Body, Episode, Hospital, cny, next_number, tender_of
from tests.flows.simulator import Simulator
from tests.flows.voucher_visit import VOUCHER_USE, WINDOW, VoucherVisit, identity_card

SPOUSE_BORN = "1958-02-11"


def consent(kind: str, by: str = "patient") -> Body:
    """Signed at the window; what is the default is left out."""
    given = {**VOUCHER_USE, "type": kind}
    return given if by == "patient" else {**given, "given_by": by}


ALL_SIGNED = [
    VOUCHER_USE,
    consent("SPOUSE_SHARE"),
    consent("VOUCHER_USE", "spouse"),
    consent("SPOUSE_SHARE", "spouse"),
]


class PairedVisit(VoucherVisit):
    """The patient's HKD 600 and the spouse's HKD 1,000; the bill is RMB 1,830.00."""

    def __init__(
        self,
        hospital: Hospital,
        voucher: Simulator,
        *,
        balance_hkd: int = 600,
        spouse_hkd: int = 1000,
        paired: bool = True,
        **changes: Any,
    ) -> None:
        super().__init__(
            hospital, voucher, balance_hkd=balance_hkd, birth_date="1957-06-01", **changes
        )
        number = next_number()
        card = identity_card(800000 + number)
        self.spouse_account = f"va-spouse-{number}"
        row = {
            "document": "HKID",
            "number": card.replace("(", "").replace(")", ""),
            "birth_date": SPOUSE_BORN,
            "balance_hkd": spouse_hkd,
            "ehealth_joined": True,
        }
        voucher.tables(accounts={self.spouse_account: row})
        if paired:
            pairing = {"spouse": self.spouse_account, "paired_on": "2025-09-01"}
            voucher.tables(pairings={self.account: pairing})
        self.spouse = {
            "name": {"zh": "陳志強", "en": "CHAN Chi Keung"},
            "birth_date": SPOUSE_BORN,
            "document": {"type": "hkid", "number": card},
        }
        self.bill = {
            **self.bill_of(("consultation", "600.00"), ("treatment", "1230.00")),
            "spouse": {"papers": ["spouse_id_copy"]},
        }

    def open_paired(self) -> Episode:
        episode = self.open()
        assert episode.say("spouse", self.spouse)["status"] == "named"
        return episode

    def both_signed(self, amount: str, *, bill: Body | None = None) -> Body:
        """Paid by Alipay but for CNY 66.00 in cash, where there is so much; both have signed."""
        tender = tender_of(bill or self.bill, amount, WINDOW, consents=ALL_SIGNED)
        if amount == "366.00":
            number = next_number()
            tender["legs"] = [
                {"method": "alipay", "amount": cny("300.00"), "reference": f"ALI{number}"},
                {"method": "cash", "amount": cny("66.00"), "reference": f"CASH{number}"},
            ]
        return tender
