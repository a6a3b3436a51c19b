"""Every step of every case names its rule, its day and its figures as the record keeps them."""

from __future__ import annotations

from datetime import date

import pytest

from crossclaim.domain.allocation import Sentence, TraceStep
from tests.rules import scenario_runs


@pytest.mark.parametrize("file", sorted(scenario_runs.RUNS))
def test_a_step_is_what_a_record_of_it_would_read(file: str) -> None:
    for case in scenario_runs.table(file):
        for step in scenario_runs.RUNS[file](case).trace:
            assert type(step.on) is date and isinstance(step.text, Sentence)
            assert ":" in step.rule or step.rule == "refusals", step.rule
            assert TraceStep.model_validate_json(step.model_dump_json()) == step
