"""The whole stack with habits that make a bank's silence and its fence last seconds, not days."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from crossclaim.config import Parties, RecordConnection, Settings
from crossclaim.domain.reference import Reference
from crossclaim.seed import EXAMPLES, KEYS_FILE, make_keys
from crossclaim.stack import Stack
from crossclaim.store.reference_tables import save_reference
from crossclaim.wiring import worker_house
from tests.flows.hcx_peer import JADE, HcxPeerOfStack
from tests.flows.hospital import Hospital
from tests.flows.simulator import Simulator

LONGEST_EXECUTION_S = 8
QUIET_INSURER = "lantau-assurance"
QUIET_POLICY = "LA-2025-000001"


def quick(parties: Parties) -> Parties:
    """A bank that is silent for 2 s is asked every second; an order lives for 8 s at most."""
    bank = {"answer_within_s": 2, "inquire_every_s": 1, "max_execution_s": LONGEST_EXECUTION_S}
    return parties.model_copy(
        update={
            "timeout_s": 5.0,
            "ehealth": impatient(parties.ehealth),
            "hospital_authority": impatient(parties.hospital_authority),
            "banks": [b.model_copy(update=bank) for b in parties.banks],
            "family_office": parties.family_office
            and parties.family_office.model_copy(
                update={"ask_every_s": 3.0, "settle_after_s": 2.0}
            ),
            "bureau": parties.bureau and parties.bureau.model_copy(update={"answer_within_s": 2.0}),
            "insurers": [i.model_copy(update={"answer_within_s": 3.0}) for i in parties.insurers],
            "acquirer": parties.acquirer
            and parties.acquirer.model_copy(update={"again_s": 0.5, "pay_within_s": 8.0}),
            "huimin": parties.huimin and parties.huimin.model_copy(update={"answer_within_s": 1.0}),
        }
    )


def impatient(known: RecordConnection | None) -> RecordConnection | None:
    return None if known is None else known.model_copy(update={"again_s": 0.5})


def flow_reference() -> Reference:
    """The example's reference, with one insurer whose bank sends statements and nothing else, one
    that is reached over an exchange, and one department that the voucher scheme does not name.
    """
    content: dict[str, Any] = yaml.load(
        (EXAMPLES / "reference.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader
    )
    mutual = next(i for i in content["insurers"] if i["id"] == "kowloon-mutual")
    account = {**mutual["account"], "bank": "quiet-bank"}
    content["insurers"].append({**mutual, "id": QUIET_INSURER, "account": account})
    harbour = next(i for i in content["insurers"] if i["id"] == "harbour-life")
    # An account of its own: a bank's account belongs to one organisation.
    account = {**harbour["account"], "number": "6222000000000077"}
    content["insurers"].append({**harbour, "id": JADE, "account": account})
    policy = next(p for p in content["policies"] if p["number"] == "KM-2025-000052")
    content["policies"].append({**policy, "insurer": QUIET_INSURER, "number": QUIET_POLICY})
    names = {"en": "Cardiology", "zh_hant": "心臟科", "zh_hans": "心脏科"}
    jiangmen = next(h for h in content["hospitals"] if h["id"] == "jiangmen-central")
    jiangmen["departments"].append({"id": "cardiology", "name": names})
    return Reference.model_validate(content)


def seed_flows(settings: Settings, peer: HcxPeerOfStack | None = None) -> None:
    house = worker_house(settings)
    save_reference(house.database, house.keyring, flow_reference())
    if peer is not None:
        peer.make_keys(house.keyring)
    house.database.close()
    make_keys(settings)


def start(
    folder: Path, extra_env: Mapping[str, str] | None = None, peer: HcxPeerOfStack | None = None
) -> Stack:
    """``peer``: an insurer that is reached over an exchange."""
    env = {
        "CROSSCLAIM_BANK_SCAN_EVERY_S": "0.2",
        "CROSSCLAIM_WINDOW_TIMEOUT_S": "4",
        "CROSSCLAIM_WEBHOOKS_ALLOW_PRIVATE": "true",
    }
    return Stack.start(
        folder,
        port_base=0,
        extra_env={**env, **(extra_env or {})},
        supervise=False,
        seed=lambda settings: seed_flows(settings, peer),
        adjust_parties=lambda parties: quick(peer.known(parties) if peer else parties),
    )


def hospital_of(stack: Stack, name: str) -> Hospital:
    keys: dict[str, str] = json.loads((stack.home.root / KEYS_FILE).read_text())
    return Hospital(name, stack.urls.api, keys[name])


def simulator_of(stack: Stack, name: str) -> Simulator:
    described = yaml.safe_load(stack.settings.parties_file.read_text("utf-8"))
    return Simulator(stack.urls.simulators[name], Path(described["ca_file"]))
