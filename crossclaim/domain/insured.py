"""A person in basic medical insurance: which insurance, which group, whether it is in force."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.money import Money


class Insurance(StrEnum):
    """The two insurances of the mainland; only the first has a personal account."""

    EMPLOYEE = "EMPLOYEE"
    RESIDENT = "RESIDENT"


class InsuredStatus(StrEnum):
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"


class Relation(StrEnum):
    """The eight kinds of close relative of the Civil Code, article 1045, and anybody else."""

    SPOUSE = "spouse"
    PARENT = "parent"
    CHILD = "child"
    SIBLING = "sibling"
    PATERNAL_GRANDPARENT = "paternal_grandparent"
    MATERNAL_GRANDPARENT = "maternal_grandparent"
    PATERNAL_GRANDCHILD = "paternal_grandchild"
    MATERNAL_GRANDCHILD = "maternal_grandchild"
    OTHER = "other"


RELATIONS = frozenset(relation.value for relation in Relation) - {Relation.OTHER.value}


class Tier(StrEnum):
    """Groups of residents that a city tells apart, by contribution or by age."""

    HIGH = "high"
    STANDARD = "standard"
    LOW = "low"
    FIRST = "first"
    SECOND = "second"
    ADULT = "adult"
    CHILD = "child"
    STUDENT = "student"


GROUPS = frozenset({"employee", "in-service", "retired", "resident"}) | {
    f"resident-{tier.value}" for tier in Tier
}
"""What a rule may be stated for; ``employee`` and ``resident`` hold for all of theirs."""


class Enrolment(Frozen):
    """How a resident came into the insurance that is in force. What is None nobody has stated."""

    paid_on: date
    late: bool | None = None
    """Outside the city's enrolment window; None: judged by the plan's window."""
    missed_years: int | None = None
    """Years without cover before this one."""
    exempt: str | None = None
    """A group without waiting, for instance ``newborn``."""
    paid: Money | None = None
    """CNY paid for the year of insurance; who pays late may owe the public part too."""


class Insured(Frozen):
    """One insured person. ``retired`` is asked of employees, ``tier`` of residents."""

    insurance: Insurance
    status: InsuredStatus = InsuredStatus.ACTIVE
    retired: bool | None = None
    tier: Tier | None = None
    enrolment: Enrolment | None = None

    @property
    def groups(self) -> tuple[str, ...]:
        """The person's groups, the narrowest first."""
        if self.insurance is Insurance.EMPLOYEE:
            own = "retired" if self.retired else "in-service"
            return (own, "employee")
        return (f"resident-{self.tier.value}", "resident") if self.tier else ("resident",)
