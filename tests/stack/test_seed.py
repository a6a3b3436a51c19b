"""The demonstration of a newer build in a data directory that an older one made."""

from __future__ import annotations

import pytest

from crossclaim.domain.reference import Reference
from crossclaim.seed import EXAMPLES, read_reference, seed, seed_demonstration
from crossclaim.stack import Part, Stack
from crossclaim.store.reference_tables import load_reference, save_reference
from crossclaim.wiring import worker_house
from tests.prepared import prepared_home


def stored(stack: Stack) -> Reference:
    house = worker_house(stack.settings)
    try:
        return load_reference(house.database, house.keyring)
    finally:
        house.database.close()


def put(stack: Stack, reference: Reference) -> None:
    house = worker_house(stack.settings)
    save_reference(house.database, house.keyring, reference)
    house.database.close()


def test_a_demonstration_renews_an_older_example_and_nothing_else_does(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    newest = read_reference(EXAMPLES / "reference.yaml")
    older = newest.model_copy(
        update={
            "insurers": [i for i in newest.insurers if i.id != "victoria-health"],
            "policies": [p for p in newest.policies if p.insurer != "victoria-health"],
        }
    )
    parts = frozenset({Part.POSTGRES})
    home = prepared_home(tmp_path_factory, "seed")
    with Stack.start(home, parts=parts, port_base=0, supervise=False) as stack:
        put(stack, older)
        seed(stack.settings)
        assert stored(stack) == older
        seed_demonstration(stack.settings)
        assert stored(stack) == newest
        own = older.model_copy(
            update={
                "example": False,
                "policies": [p for p in older.policies if not p.series],
                "consent_texts": [t.model_copy(update={"text": None}) for t in older.consent_texts],
            }
        )
        put(stack, own)
        seed_demonstration(stack.settings)
        assert stored(stack) == own
