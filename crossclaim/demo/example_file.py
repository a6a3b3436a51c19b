"""One example file as the script sends it, part by part."""

from __future__ import annotations

from crossclaim.demo.play import FAMILY_BINDINGS
from crossclaim.demo.script import Send

_APPLIES = "Family sharing is applied for"


class ExampleFile:
    """The submissions of one example file, each by the name of its part."""

    def __init__(self, name: str) -> None:
        self._name = name

    def opens(self) -> Send:
        return Send("Opens the episode", "/v1/episodes", f"{self._name}.json#episode")

    def send(self, title: str, path: str, part: str = "", *refused: str, sender: str = "") -> Send:
        """The part is named as the address, in the singular, where it is not told."""
        file = f"{self._name}.json#{part or path.removesuffix('s')}"
        return Send(title, f"/v1/episodes/{{id}}/{path}", file, sender=sender, refused=refused)

    def refused(self, title: str, part: str, *codes: str) -> Send:
        """A bill that must be refused, and changes nothing."""
        return self.send(f"Refused: {title}", "bills", part, *codes)

    def binds(self, part: str = "binding", *refused: str, title: str = _APPLIES) -> Send:
        """An application for family sharing."""
        return Send(title, FAMILY_BINDINGS, f"{self._name}.json#{part}", refused=refused)

    def desk(self, title: str, path: str, part: str) -> Send:
        """To a pay-after-care account."""
        return Send(title, f"/v1/credit-accounts{path}", f"{self._name}.json#{part}")
