"""Who asks: an organisation, in a role, by a key, a client or a person's session."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Role(StrEnum):
    """What a credential is for; one role each."""

    HOSPITAL_BILLING = "hospital_billing"
    """A hospital's cashier window or its system."""
    HOSPITAL_PROVIDER = "hospital_provider"
    """A provider who joined the voucher scheme: confirms the claims that a clerk has entered."""
    HOSPITAL_FINANCE = "hospital_finance"
    """A hospital's accounts: reconciles what it is paid, confirms what it pays back."""
    INSURER_SYSTEM = "insurer_system"
    """An insurer's claims system."""
    INSURER_EXAMINER = "insurer_examiner"
    """An insurer's examiner."""
    INSURER_SUPERVISOR = "insurer_supervisor"
    """The second look at an insurer: confirms and approves what an examiner began."""
    FINANCE = "finance"
    """A payer's accounts: releases payouts, sends remittances, reconciles, takes money back."""
    SUPPORT = "support"
    """Support staff: reads every episode, holds it and lets it go on; decides nothing."""
    SUPPORT_SUPERVISOR = "support_supervisor"
    """The second person of support: sees what support sees, and will release its repairs."""
    OPERATOR = "operator"
    """Runs the platform: sees that and why an episode waits, not the person."""
    AUDITOR = "auditor"
    """Reads everything, changes nothing."""


class Licence(BaseModel):
    """That a person may give insurance services in the mainland, from a day to a day."""

    model_config = ConfigDict(frozen=True)

    valid_from: date
    valid_to: date | None = None

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class Principal(BaseModel):
    """Who is asking: an organisation, in a role, by one key, one client or one signed-in person."""

    model_config = ConfigDict(frozen=True)

    organisation: str
    role: Role
    key_id: str
    """The key's prefix, the client's id, or the person's id where a person has signed in."""
    person: str | None = None
    """Whoever is known to ask: of a session always, of a key where it was given to one person."""
    signed_in_at: datetime | None = None
    """When the person last proved who he is; only a session has it."""
    scopes: frozenset[str] | None = None
    """Operations that the credential is narrowed to; ``read`` stands for all that reads."""
    licences: tuple[Licence, ...] = ()

    @property
    def actor(self) -> str:
        """Whom a second person must differ from: a person with two keys is one."""
        return self.person or self.key_id


HOSPITAL_ROLES = frozenset({Role.HOSPITAL_BILLING, Role.HOSPITAL_PROVIDER, Role.HOSPITAL_FINANCE})
INSURER_ROLES = frozenset(
    {Role.INSURER_SYSTEM, Role.INSURER_EXAMINER, Role.INSURER_SUPERVISOR, Role.FINANCE}
)
WATCHER_ROLES = frozenset({Role.SUPPORT, Role.SUPPORT_SUPERVISOR, Role.AUDITOR})
PLATFORM_ROLES = WATCHER_ROLES | {Role.OPERATOR}
