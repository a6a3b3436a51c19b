"""Whole-stack tests under faults: kills, late banks, attacks, leaks and withdrawn consents."""

import pytest

pytest.register_assert_rewrite("tests.faults.outcome", "tests.faults.house", "tests.faults.story")
