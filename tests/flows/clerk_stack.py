"""A stack of its own whose voucher hospital lets a clerk enter claims, with a provider's key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crossclaim.config import Settings
from crossclaim.domain.reference import Reference
from crossclaim.security.api_keys import new_key
from crossclaim.security.roles import Role
from crossclaim.seed import make_keys
from crossclaim.stack import Stack
from crossclaim.store.keys import SqlApiKeys
from crossclaim.store.reference_tables import save_reference
from crossclaim.wiring import worker_house
from tests.flows.flow_stack import flow_reference, quick
from tests.flows.hospital import Hospital

JIANGMEN = "jiangmen-central"


def clerk_reference() -> Reference:
    """The flows' reference, with clerks at the voucher hospital."""
    known = flow_reference()
    hospitals = [
        h.model_copy(update={"voucher_claims": "clerk"}) if h.id == JIANGMEN else h
        for h in known.hospitals
    ]
    return Reference.model_validate(known.model_dump() | {"hospitals": hospitals})


def _seed(settings: Settings) -> None:
    house = worker_house(settings)
    save_reference(house.database, house.keyring, clerk_reference())
    house.database.close()
    make_keys(settings)


@contextmanager
def clerk_stack(folder: Path) -> Iterator[Stack]:
    env = {"CROSSCLAIM_BANK_SCAN_EVERY_S": "0.2", "CROSSCLAIM_WINDOW_TIMEOUT_S": "4"}
    with Stack.start(
        folder,
        port_base=0,
        extra_env=env,
        supervise=False,
        seed=_seed,
        adjust_parties=quick,
    ) as stack:
        yield stack


def provider_of(stack: Stack) -> Hospital:
    """The same hospital's desk with the key of a provider who joined the scheme."""
    plaintext, record = new_key("demo")
    house = worker_house(stack.settings)
    SqlApiKeys(house.database).add(JIANGMEN, Role.HOSPITAL_PROVIDER.value, record)
    house.database.close()
    return Hospital(JIANGMEN, stack.urls.api, plaintext)
