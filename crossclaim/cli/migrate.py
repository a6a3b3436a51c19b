"""``crossclaim migrate``: the tables, as the owner's role."""

from __future__ import annotations

import typer

from crossclaim.domain.errors import CrossclaimError


def migrate() -> None:
    """Bring the tables to the newest schema.

    In a demonstration, also load the example reference data where there are none."""
    from crossclaim.config import Settings
    from crossclaim.store.migrate import upgrade

    settings = Settings()
    owner_url = settings.database_owner_url.get_secret_value()
    if not owner_url:
        raise CrossclaimError("Set CROSSCLAIM_DATABASE_OWNER_URL; migrations run as the owner.")
    typer.echo(f"The schema is at revision {upgrade(owner_url)}.")
    if settings.demonstration and settings.database_worker_url.get_secret_value():
        from crossclaim.seed import load_example_reference

        if load_example_reference(settings):
            typer.echo("Loaded the example reference data.")
