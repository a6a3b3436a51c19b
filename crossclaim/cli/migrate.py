"""``crossclaim migrate``: the tables, as the owner's role."""

from __future__ import annotations

from typing import Any

from crossclaim.cli.options import AsJson
from crossclaim.cli.said import say
from crossclaim.domain.errors import CrossclaimError


def migrate(as_json: AsJson = False) -> None:
    """Bring the tables to the newest schema.

    In a demonstration, also load the example reference data where there are none."""
    from crossclaim.config import Settings
    from crossclaim.store.migrate import upgrade

    settings = Settings()
    owner_url = settings.database_owner_url.get_secret_value()
    if not owner_url:
        raise CrossclaimError("Set CROSSCLAIM_DATABASE_OWNER_URL; migrations run as the owner.")
    told: dict[str, Any] = {"revision": upgrade(owner_url), "example_reference_loaded": False}
    said = [f"The schema is at revision {told['revision']}."]
    if settings.demonstration and settings.database_worker_url.get_secret_value():
        from crossclaim.seed import load_example_reference

        if load_example_reference(settings):
            told["example_reference_loaded"] = True
            said.append("Loaded the example reference data.")
    say(as_json, told, *said)
