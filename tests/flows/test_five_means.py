"""A patient with five means of payment: what is legal, one of it, and the rest to the payout."""

from __future__ import annotations

import json
import threading

import pytest

from crossclaim.demo.figures import compare, expected_of
from crossclaim.demo.five_means import FIVE_MEANS
from crossclaim.demo.play import Player
from crossclaim.demo.script import Run
from crossclaim.demo.window import Desks
from crossclaim.seed import EXAMPLES, KEYS_FILE
from crossclaim.stack import Stack


@pytest.mark.parametrize("run", FIVE_MEANS, ids=lambda run: run.name)
def test_the_patient_picks_one_and_every_figure_is_as_expected(run: Run, flow_stack: Stack) -> None:
    keys = json.loads((flow_stack.home.root / KEYS_FILE).read_text())
    desks = Desks(flow_stack.urls.api, keys, threading.Event())
    played = Player(run, desks, EXAMPLES).play(lambda title: None)
    desks.close()
    assert compare(played, expected_of(EXAMPLES)[run.name]) > 10
