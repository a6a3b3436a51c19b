"""The bank's side of the folders, as a test looks at it."""

from __future__ import annotations

from pathlib import Path

import psycopg

from crossclaim.stack import Stack


class BankDesk:
    """One bank's folders: what it was sent, and what we set aside of what it sent."""

    def __init__(self, stack: Stack, bank: str) -> None:
        self._bank = bank
        self._reader = stack.settings.database_reader_url.get_secret_value()
        self._folder: Path = stack.home.bank / bank
        self._taken: Path = stack.home.simulators / bank / "taken"

    def orders(self, reference: str) -> list[Path]:
        """Payment orders that the bank took under a reference, oldest first."""
        found = [p for p in self._taken.iterdir() if b"xsd:pain.001" in p.read_bytes()]
        return sorted(p for p in found if reference.encode() in p.read_bytes())

    def advices(self, reference: str) -> list[str]:
        """Message ids of the credit advices about a payment that we have processed."""
        of_it = (
            "select distinct message_id from payout_report where bank = %(bank)s"
            " and reference = %(reference)s and message_type like 'camt.054%%'"
        )
        with psycopg.connect(self._reader) as connection:
            rows = connection.execute(of_it, {"bank": self._bank, "reference": reference})
            return [message_id for (message_id,) in rows]

    def send_copy(self, order: Path) -> None:
        """Sends an order once more, as a desk does that takes silence for absence."""
        staged = self._folder / "staging" / f"again-{order.name}"
        staged.write_bytes(order.read_bytes())
        staged.rename(self._folder / "outbound" / staged.name)

    def set_aside(self) -> dict[str, str]:
        """Bad file → reason."""
        bad = self._folder / "inbound" / "bad"
        return {p.name: p.read_text("utf-8") for p in bad.glob("*.reason.txt")}
