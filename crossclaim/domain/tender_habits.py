"""What is configured about a hospital's acquirer and bears on waiting."""

from __future__ import annotations

from datetime import timedelta

from crossclaim.domain.allocation import Frozen

LONGEST_DOUBLING = 12
"""Above so many calls in vain the pause has long reached its limit."""


class TenderHabits(Frozen):
    pay_within_s: float = 120
    """An order that is not paid by then is closed, so that it cannot be paid any more."""
    again_s: float = 2
    """Pause before the acquirer is asked again; it doubles with every call in vain."""
    again_max_s: float = 60
    """The longest pause while a payer stands at the window."""
    refund_again_max_s: float = 6 * 3600
    """The longest pause while a refund is on its way; banks take days."""

    refund_late_after: timedelta = timedelta(days=7)
    """A refund that is still on its way then is told to a person."""

    def pause(self, asked: int, *, refund: bool = False) -> timedelta:
        """After ``asked`` calls in vain."""
        longest = self.refund_again_max_s if refund else self.again_max_s
        return timedelta(seconds=min(longest, self.again_s * 2 ** min(asked, LONGEST_DOUBLING)))
