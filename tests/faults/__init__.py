"""Whole-stack tests under faults: kills, late banks, attacks, leaks and withdrawn consents."""

import pytest

for _told in ("house", "lateness", "outcome", "story"):
    pytest.register_assert_rewrite(f"tests.faults.{_told}")
