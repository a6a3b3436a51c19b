"""What the workflows of family bindings and codes order and get back: ids, times, standings."""

from __future__ import annotations

from datetime import datetime

from activities.orders import Receipt
from crossclaim.domain.allocation import Frozen
from crossclaim.domain.family_binding import BindingStanding


class FamilyApply(Frozen):
    """Apply one submission to a binding (``fb_…``) or a code link (``fc_…``)."""

    subject_id: str
    submission_id: str
    at: datetime


class BindingApplied(Frozen):
    receipt: Receipt
    standing: BindingStanding


class BindingSubject(Frozen):
    """One step of a binding at business time; ``subject`` names a step that failed."""

    binding_id: str
    subject: str = ""
    at: datetime
