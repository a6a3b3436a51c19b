"""One example file that holds a whole scenario, part by part."""

from __future__ import annotations

from dataclasses import replace

from crossclaim.demo.script import Send


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

    def refused(self, title: str, part: str, *codes: str, legal: tuple[str, ...] = ()) -> Send:
        """A bill that must be refused, and changes nothing; ``legal``: what is told instead."""
        return replace(self.send(f"Refused: {title}", "bills", part, *codes), legal=legal)

    def desk(self, title: str, path: str, part: str) -> Send:
        """To a pay-after-care account."""
        return Send(title, f"/v1/credit-accounts{path}", f"{self._name}.json#{part}")
