"""Puts the commands together; whatever goes wrong leaves as one sentence and an exit status.

Commands import what they need when they run, so that ``--help`` is there at once.
"""

from __future__ import annotations

import sys

import typer

from crossclaim.cli import (
    api_key,
    audit,
    bank,
    bank_speed,
    bench,
    bill,
    binding,
    claim_import,
    claim_letters,
    claim_requests,
    claim_speed,
    claims,
    client,
    credit,
    demo,
    demo_data,
    document,
    episode,
    episode_repair,
    exposure,
    folders,
    hcx,
    health,
    hospital_import,
    manifest,
    migrate,
    patient_link,
    plan,
    plan_activation,
    privacy,
    process,
    reconcile,
    reference,
    settlement,
    settlement_items,
    simulators,
    soak,
    up,
    user,
    voucher,
    webhooks,
)
from crossclaim.domain.errors import CrossclaimError

WRONG_USE = 2
FAILED = 1
INTERRUPTED = 130
# What was typed or set is wrong, as opposed to what went wrong.
WRONG_USE_CODES = frozenset({"SETTING_REFUSED", "STACK_PORT_INVALID"})

app = typer.Typer(
    name="crossclaim",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help="Cross-border care, from a patient's consent to RMB in the hospital's account.",
)
app.command("up")(up.up)
app.command("demo")(demo.demo)
app.command("demo-data")(demo_data.demo_data)
app.add_typer(episode.app, name="episode")
episode_repair.register(episode.app)
app.add_typer(bill.app, name="bill")
app.add_typer(binding.app, name="binding")
app.add_typer(credit.app, name="credit")
app.add_typer(webhooks.app, name="webhooks")
app.command("worker")(process.worker)
app.command("api")(process.api)
app.command("simulators")(simulators.simulators)
app.command("migrate")(migrate.migrate)
app.command("health")(health.health)
app.add_typer(reference.app, name="reference")
app.add_typer(audit.app, name="audit")
app.add_typer(privacy.app, name="privacy")
app.add_typer(api_key.app, name="keys")
app.add_typer(client.app, name="client")
app.add_typer(user.app, name="user")
app.add_typer(patient_link.app, name="patient")
app.command("roles")(api_key.roles)
app.add_typer(voucher.app, name="voucher")
app.add_typer(hcx.app, name="hcx")
bank.app.command("speed")(bank_speed.speed)
app.add_typer(bank.app, name="bank")
claims.app.command("import")(claim_import.import_claims)
claims.app.command("letter")(claim_letters.letter)
claims.app.command("appeals")(claim_letters.appeals)
claims.app.command("requests")(claim_requests.requests)
claims.app.command("template")(claim_import.template)
claims.app.command("speed")(claim_speed.speed)
app.add_typer(claims.app, name="claims")
app.add_typer(hospital_import.app, name="import")
app.command("folders")(folders.folders)
for words, command in (
    ("activate", plan_activation.activate),
    ("withdraw", plan_activation.withdraw),
    ("activations", plan_activation.activations),
):
    plan.app.command(words)(command)
app.add_typer(plan.app, name="plans")
app.add_typer(manifest.app, name="manifest")
app.add_typer(document.app, name="document")
app.command("exposure")(exposure.exposure)
app.command("reconcile")(reconcile.reconcile)
for word, order in (
    ("items", settlement_items.items),
    ("match", settlement_items.match),
    ("explain", settlement_items.explain),
    ("undo", settlement_items.undo),
):
    settlement.app.command(word)(order)
app.add_typer(settlement.app, name="settlement")
app.command("bench", context_settings=bench.PASSED_ON)(bench.bench)
app.command("soak", context_settings=soak.PASSED_ON)(soak.soak)


@app.callback()
def begin() -> None:
    """Refuses a misspelt setting before anything starts."""
    from crossclaim.config import checked_settings

    checked_settings()


begin.__doc__ = app.info.help


def main() -> None:
    """Exit status 0, 1 (it failed), 2 (wrong use) or 130 (interrupted)."""
    try:
        app()
    except CrossclaimError as error:
        leave(error.detail, WRONG_USE if error.code in WRONG_USE_CODES else FAILED)
    except ModuleNotFoundError as error:
        leave(f"The module {error.name} is missing; `make demo` installs what is needed.", FAILED)
    except KeyboardInterrupt:
        leave("Interrupted.", INTERRUPTED)
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(FAILED) from None
    except Exception as error:
        if _debugging():
            raise
        name = type(error).__name__
        leave(f"Unexpected {name}; CROSSCLAIM_LOG_LEVEL=debug shows where it came from.", FAILED)


def _debugging() -> bool:
    from crossclaim.config import Settings

    return Settings().log_level == "debug"


def leave(sentence: str, status: int) -> None:
    """One line on stderr, with a capital and a full stop."""
    line = " ".join(sentence.split())
    end = "" if line.endswith((".", "?", "!")) else "."
    typer.echo(f"{line[:1].upper()}{line[1:]}{end}", err=True)
    raise SystemExit(status)
