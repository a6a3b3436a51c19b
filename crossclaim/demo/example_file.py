"""Steps that send the parts of one example file."""

from __future__ import annotations

from dataclasses import replace

from crossclaim.demo.play import FAMILY_BINDINGS
from crossclaim.demo.script import Closed, Send, Step

_APPLIES = "Family sharing is applied for"


class ExampleFile:
    """The submissions of one example file, each by the name of its part."""

    def __init__(self, name: str) -> None:
        self._name = name

    def opens(self) -> Send:
        return Send("Opens the episode", "/v1/episodes", f"{self._name}.json#episode")

    def refused_opening(self, title: str, part: str, *codes: str) -> Send:
        """An episode that must not open."""
        return Send(f"Refused: {title}", "/v1/episodes", f"{self._name}.json#{part}", refused=codes)

    def send(
        self,
        title: str,
        path: str,
        part: str = "",
        *refused: str,
        sender: str = "",
        with_documents: bool = False,
    ) -> Send:
        """The part is named as the address, in the singular, where it is not told."""
        file = f"{self._name}.json#{part or path.removesuffix('s')}"
        address = f"/v1/episodes/{{id}}/{path}"
        return Send(title, address, file, with_documents, sender=sender, refused=refused)

    def refused(self, title: str, part: str, *codes: str, legal: tuple[str, ...] = ()) -> Send:
        """A bill that must be refused, and changes nothing; ``legal``: what is told instead."""
        return replace(self.send(f"Refused: {title}", "bills", part, *codes), legal=legal)

    def binds(self, part: str = "binding", *refused: str, title: str = _APPLIES) -> Send:
        """An application for family sharing."""
        return Send(title, FAMILY_BINDINGS, f"{self._name}.json#{part}", refused=refused)

    def desk(self, title: str, path: str, part: str) -> Send:
        """To a pay-after-care account."""
        return Send(title, f"/v1/credit-accounts{path}", f"{self._name}.json#{part}")


def paid(file: ExampleFile, ends: str = "The episode closes") -> tuple[Step, ...]:
    bill = file.send("The bill is split", "bills")
    return bill, file.send("Patient pays his part", "tenders"), Closed(title=ends)
