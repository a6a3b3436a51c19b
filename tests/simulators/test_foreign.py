"""A simulator proves something only if it knows nothing of the code that it is used to test."""

from __future__ import annotations

import subprocess
import sys

import pytest

LIST_OURS = """
import importlib, sys
importlib.import_module(sys.argv[1])
ours = ("crossclaim", "workflows", "activities", "workers")
print(*[name for name in sys.modules if name.partition(".")[0] in ours])
"""


@pytest.mark.parametrize("party", ["voucher", "insurer", "bank", "bureau"])
def test_a_party_loads_nothing_of_ours_but_itself(party: str) -> None:
    module = f"crossclaim.simulators.{party}.__main__"
    command = [sys.executable, "-c", LIST_OURS, module]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert module in loaded
    others = {"voucher", "insurer", "bank", "bureau"} - {party}
    for name in loaded:
        assert name == "crossclaim" or name.startswith("crossclaim.simulators")
        assert not any(name.startswith(f"crossclaim.simulators.{other}") for other in others)
