"""Cycles of the exchange as they are remembered: a request, its ids, and what came back."""

from __future__ import annotations

from typing import Literal

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.hcx import COMPLETE, ERROR, PARTIAL, REDIRECT, Headers, opens_cycle


class Cycle(Frozen):
    """A request of ours: its ids are made once and are the same however often it is sent."""

    organisation: str
    """With whom it is exchanged."""
    sender: str
    recipient: str
    action: str
    reference: str
    episode_id: str
    api_call_id: str
    correlation_id: str

    @property
    def opens(self) -> bool:
        return opens_cycle(self.action)


class Answered(Frozen):
    """The newest answer of a cycle; ``content`` is empty for one without a payload that counts."""

    status: str
    code: str = ""
    content: str = ""

    @property
    def is_final(self) -> bool:
        """Anything but a word that it is still under way."""
        return self.status in (COMPLETE, PARTIAL, ERROR, REDIRECT)


class Arrived(Frozen):
    """A message that came, as it is kept."""

    organisation: str
    episode_id: str | None
    sender: str
    recipient: str
    action: str
    reference: str = ""
    api_call_id: str
    correlation_id: str
    workflow_id: str = ""
    status: str = ""
    code: str = ""
    sha256: str
    content: str = ""

    @property
    def opens(self) -> bool:
        return opens_cycle(self.action)


class DueAnswer(Frozen):
    """A request that we took and owe an answer on its callback."""

    id: int
    organisation: str
    episode_id: str | None
    sender: str
    """Who asked; the answer goes to it."""
    recipient: str
    action: str
    api_call_id: str
    correlation_id: str
    workflow_id: str
    status: str
    code: str
    content: str
    answered: bool
    """Whether it was taken, or the decision that comes after it."""
    erased: bool = False
    """Whether the key of whom it is about is destroyed, so that nothing of it can be said."""


class DueNotice(Frozen):
    """Something that we tell of ourselves: a decision on its request's callback, or a topic."""

    number: int
    organisation: str
    sender: str
    """A participant that we are."""
    recipient: str
    topic: str = ""
    """None: the decision itself."""
    episode_id: str | None = None
    subject: str = ""
    told: dict[str, str] = {}
    """What a notification says beside its topic: codes and ids."""
    request: Arrived | None = None
    """The request that opened the cycle, with what it was answered."""
    over: bool = False
    superseded: bool = False
    """Whether a later change of the same has a notice of its own."""
    erased: bool = False
    """Whether the key of whom it is about is destroyed."""
    said_before: str = ""
    """Digest of what was said of the same last; ``?``, which no content has, where it may not have
    arrived."""


class Opened(Frozen):
    """A message that came, proved to be its sender's and opened."""

    action: str
    headers: Headers
    organisation: str
    """The sender's, as the registry knows it."""
    role: Literal["provider", "payor", "gateway"]
    served: str
    """The organisation of ours that it went to."""
    content: str
    sha256: str
    """Of action, recipient, cycle and content: what must be the same when it comes again."""

    def arrived(
        self, episode_id: str | None, *, reference: str = "", status: str = "", content: str = ""
    ) -> Arrived:
        """As it is kept; ``status`` and ``content`` of a request are those of its answer."""
        said = self.headers
        return Arrived(
            organisation=self.organisation,
            episode_id=episode_id,
            sender=said.sender,
            recipient=said.recipient,
            action=self.action,
            reference=reference,
            api_call_id=said.api_call_id,
            correlation_id=said.correlation_id,
            workflow_id=said.workflow_id,
            status=status or said.status,
            code=said.error.code if said.error else "",
            sha256=self.sha256,
            content=content,
        )
