"""Fills a new installation: reference data, and one API key for every organisation without one."""

from __future__ import annotations

import json
import os
from pathlib import Path

import yaml
from pydantic import ValidationError

from crossclaim.config import Settings
from crossclaim.domain.errors import CrossclaimError
from crossclaim.domain.reference import Reference
from crossclaim.security.api_keys import new_key
from crossclaim.security.roles import Role
from crossclaim.seed_folders import seed_folders
from crossclaim.seed_people import seed_people
from crossclaim.store.keys import SqlApiKeys
from crossclaim.store.reference_tables import load_reference, save_reference
from crossclaim.wiring import worker_house

_PACKAGE = Path(__file__).resolve().parent
# An image carries the examples inside the package, a checkout has them beside it.
_INSIDE, _BESIDE = _PACKAGE / "examples", _PACKAGE.parent / "examples"
EXAMPLES = _INSIDE if _INSIDE.is_dir() else _BESIDE
KEYS_FILE = "secrets/api-keys.json"
EXAMINER = ".examiner"
"""Ends the name of the second person's key of an insurer that decides here."""


def read_reference(file: Path) -> Reference:
    """Raises one sentence when the file is missing or its content is not a reference."""
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        return Reference.model_validate(content)
    except FileNotFoundError:
        raise CrossclaimError(f"there is no file {file.name}; name an existing one") from None
    except ValidationError as error:
        faults = "; ".join(f"{_place(one['loc'])}: {one['msg']}" for one in error.errors()[:5])
        raise CrossclaimError(f"{file.name} is not usable reference data: {faults}") from None
    except (yaml.YAMLError, UnicodeDecodeError):
        raise CrossclaimError(f"{file.name} is not YAML; see examples/reference.yaml") from None


def _place(loc: tuple[int | str, ...]) -> str:
    return ".".join(str(step) for step in loc) or "the file"


def seed(settings: Settings) -> None:
    """The demonstration's organisations and their keys; what is there already stays as it is."""
    load_example_reference(settings)
    make_keys(settings)
    seed_people(settings)


def seed_to_stay(settings: Settings) -> None:
    """As ``seed``, with folders in which the organisations may leave files."""
    seed(settings)
    file = settings.data_dir / KEYS_FILE
    seed_folders(settings, json.loads(file.read_text()))


def seed_demonstration(settings: Settings) -> None:
    """As ``seed``; the demonstration of a newer build plays with organisations that one made by an
    older build does not know, so an example that is here is renewed. Data of your own stay."""
    if not load_example_reference(settings):
        _renew_example(settings)
    make_keys(settings)


def _renew_example(settings: Settings) -> None:
    house = worker_house(settings)
    try:
        known = load_reference(house.database, house.keyring)
        newest = read_reference(EXAMPLES / "reference.yaml")
        if known.example and known != newest:
            save_reference(house.database, house.keyring, newest)
    finally:
        house.database.close()


def load_example_reference(settings: Settings) -> bool:
    """Loads the demonstration's reference where there is none; whether it did."""
    house = worker_house(settings)
    try:
        load_reference(house.database, house.keyring)
    except CrossclaimError as error:
        if error.code != "REFERENCE_MISSING":
            raise
        reference = read_reference(EXAMPLES / "reference.yaml")
        save_reference(house.database, house.keyring, reference)
        return True
    finally:
        house.database.close()
    return False


def make_keys(settings: Settings) -> dict[str, str]:
    """Organisation → API key, kept in a file only its owner can read. For demonstrations."""
    house = worker_house(settings)
    keys, file = SqlApiKeys(house.database), settings.data_dir / KEYS_FILE
    known: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    roles = {h.id: Role.HOSPITAL_BILLING for h in house.reference.hospitals}
    roles |= {i.id: Role.INSURER_SYSTEM for i in house.reference.insurers}
    for organisation in keys.organisations_without():
        role = roles.get(organisation)
        if role is None:
            continue  # the platform's own people sign in; none of its systems asks here
        plaintext, record = new_key("demo")
        keys.add(organisation, role.value, record)
        known[organisation] = plaintext
    for insurer in house.reference.insurers:
        examiner = f"{insurer.id}{EXAMINER}"
        if insurer.decides == "here" and examiner not in known:
            plaintext, record = new_key("demo")
            keys.add(insurer.id, Role.INSURER_EXAMINER.value, record)
            known[examiner] = plaintext
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as handle:
        json.dump(known, handle, indent=2)
    house.database.close()
    return known
