"""What a hospital says of money that its cashier gave back."""

from __future__ import annotations

from pydantic import AwareDatetime

from crossclaim.domain.submission import Code, Wire


class RefundConfirmation(Wire):
    """``POST /v1/episodes/{id}/refund-confirmations``: the cashier has given a refund back.

    Business key: ``refund`` + the refund's reference.
    """

    refund: Code
    """The reference of the order to the cashier."""
    receipt: Code
    """Number of the paper that the patient signed, or of the terminal's slip."""
    paid_back_at: AwareDatetime
