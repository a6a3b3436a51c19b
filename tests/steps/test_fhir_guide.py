"""The integrator's guide says what is served, and its examples work one after the other."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fhir.resources.R4B import get_fhir_model_class

from crossclaim.fhir.guide import tables
from crossclaim.stack import Stack
from crossclaim.wiring import House, api_house
from tests.steps.fhir_desk import FhirWindow
from tests.steps.rig import Rig

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "wire" / "fhir-server.md").read_text(encoding="utf-8")
COMMANDS = [
    line
    for block in re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL)
    for line in block.splitlines()
]


@pytest.fixture(scope="module")
def api(stack: Stack) -> Iterator[House]:
    house = api_house(stack.settings)
    yield house
    house.database.close()


@pytest.mark.parametrize("table", tables(), ids=lambda table: table[0])
def test_the_guide_holds_the_tables_that_the_server_is_made_of(table: list[str]) -> None:
    assert "\n".join(table) in GUIDE


async def test_every_example_of_the_guide_works(api: House, rig: Rig) -> None:
    window = FhirWindow(api, rig)
    patient = ""
    assert len(COMMANDS) >= 8
    for command in COMMANDS:
        told = command.replace("$PATIENT", patient).replace("$KEY", "cc_test_hospital")
        response = await run(window, told.replace("$BASE", "http://api.test"))
        refused = "$validate" in command
        assert response.status_code == (422 if refused else 200), (command, response.text)
        found = response.json()
        get_fhir_model_class(found["resourceType"]).model_validate(found)
        patient = found.get("patient", {}).get("reference", patient)
        if "patient=" in command:
            assert found["entry"], command


async def run(window: FhirWindow, command: str) -> httpx.Response:
    """As curl would: what stands behind ``@`` is a file of the project."""
    program, *words = shlex.split(command.replace("\\$", "$"))
    assert program == "curl"
    method, headers, content, address = "GET", {}, b"", ""
    while words:
        word = words.pop(0)
        if word == "-X":
            method = words.pop(0)
        elif word == "-H":
            name, _, value = words.pop(0).partition(": ")
            headers[name] = value
        elif word == "--data":
            given = words.pop(0)
            content = (ROOT / given[1:]).read_bytes() if given[0] == "@" else given.encode()
        else:
            address = word
    return await window.client.request(method, address, headers=headers, content=content)
