"""The bank's side of the folders, as a test looks at it."""

from __future__ import annotations

from pathlib import Path

from crossclaim.stack import Stack


class BankDesk:
    """One bank's folders: what it was sent, and what we set aside of what it sent."""

    def __init__(self, stack: Stack, bank: str) -> None:
        self._folder: Path = stack.home.bank / bank
        self._taken: Path = stack.home.simulators / bank / "taken"

    def orders(self, reference: str) -> list[Path]:
        """Payment orders that the bank took under a reference, oldest first."""
        found = [p for p in self._taken.iterdir() if b"xsd:pain.001" in p.read_bytes()]
        return sorted(p for p in found if reference.encode() in p.read_bytes())

    def advices(self, reference: str) -> list[Path]:
        """Credit advices about a payment that we have processed."""
        done = self._folder / "inbound" / "done"
        found = [p for p in done.glob("*.xml") if b"xsd:camt.054" in p.read_bytes()]
        return [p for p in found if reference.encode() in p.read_bytes()]

    def send_copy(self, order: Path) -> None:
        """Sends an order once more, as a desk does that takes silence for absence."""
        staged = self._folder / "staging" / f"again-{order.name}"
        staged.write_bytes(order.read_bytes())
        staged.rename(self._folder / "outbound" / staged.name)

    def set_aside(self) -> dict[str, str]:
        """Bad file → reason."""
        bad = self._folder / "inbound" / "bad"
        return {p.name: p.read_text("utf-8") for p in bad.glob("*.reason.txt")}
