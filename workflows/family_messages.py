"""What runs of family bindings and codes begin and end with: ids and standings, never content."""

from __future__ import annotations

from crossclaim.domain.family_binding import BindingStanding
from workflows.messages import Message


class BindingStart(Message):
    """``standing`` is what the run before knew, so that a question is answered at once."""

    binding_id: str
    standing: BindingStanding = BindingStanding()
    runs: int = 0


class BindingEnd(Message):
    binding_id: str
    state: str


class CodeLinkStart(Message):
    link_id: str
