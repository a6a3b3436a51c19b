"""The demonstration's people, as the development identity provider knows them."""

from __future__ import annotations

from datetime import date

from crossclaim.config import Settings
from crossclaim.security.principal import Role
from crossclaim.store.people import SqlPeople
from crossclaim.wiring import worker_house

_CASHIER = "hku-szh"
_INSURER = "victoria-health"
_PLATFORM = "crossclaim"
_CLAIM_SERVICE = frozenset({Role.INSURER_EXAMINER, Role.INSURER_SUPERVISOR})
_LICENSED_FROM = date(2025, 1, 1)
PEOPLE: dict[str, tuple[str, str, tuple[Role, ...]]] = {
    "demo-cashier": (_CASHIER, "陳小文 Chan Siu-man", (Role.HOSPITAL_BILLING,)),
    "demo-hospital-finance": (_CASHIER, "林志遠 Lam Chi-yuen", (Role.HOSPITAL_FINANCE,)),
    "demo-examiner": (_INSURER, "黃美玲 Wong Mei-ling", (Role.INSURER_EXAMINER,)),
    "demo-supervisor": (
        _INSURER,
        "李國強 Lee Kwok-keung",
        (Role.INSURER_SUPERVISOR, Role.FINANCE),
    ),
    "demo-finance": (_INSURER, "何家怡 Ho Ka-yi", (Role.FINANCE,)),
    "demo-support": (_PLATFORM, "吳浩然 Ng Ho-yin", (Role.SUPPORT,)),
    "demo-support-supervisor": (_PLATFORM, "鄭詠詩 Cheng Wing-sze", (Role.SUPPORT_SUPERVISOR,)),
    "demo-auditor": (_PLATFORM, "周偉明 Chow Wai-ming", (Role.AUDITOR,)),
    "demo-operator": (_PLATFORM, "馮國樑 Fung Kwok-leung", (Role.OPERATOR,)),
}


def seed_people(settings: Settings) -> None:
    """Lets each of them in who is not known yet, where a provider of this machine is configured."""
    if not (settings.demonstration and settings.oidc_issuer.startswith("http://127.0.0.1:")):
        return
    house = worker_house(settings)
    try:
        people = SqlPeople(house.database, house.keyring)
        for subject, (organisation, name, roles) in PEOPLE.items():
            if people.by_subject(settings.oidc_issuer, subject) is None:
                person = people.add(
                    organisation, settings.oidc_issuer, subject, name, [r.value for r in roles]
                )
                if not _CLAIM_SERVICE.isdisjoint(roles):
                    people.add_licence(person, f"DEMONSTRATION-{subject}", _LICENSED_FROM, None)
    finally:
        house.database.close()
