"""What a back-test of a proposed plan needs: the file, last month's bills, and where it tells."""

from __future__ import annotations

from typing import Any, Protocol

from crossclaim.domain.plan_proposal import AskedBacktest


class PlanBacktests(Protocol):
    """The rows of back-tests; each call may be repeated."""

    def asked(self, backtest_id: str) -> AskedBacktest | None:
        """None: it has ended already. Raises ``CrossclaimError`` for a file that this program
        cannot read."""
        ...

    def bills(self, asked: AskedBacktest) -> list[tuple[str, str]]:
        """Episode and bill, of those in force whose month it is; the newest first, not all."""
        ...

    def note(self, backtest_id: str, claims: int, done: int) -> None: ...

    def finish(self, backtest_id: str, result: dict[str, Any]) -> None: ...

    def fail(self, backtest_id: str, fault: str) -> None: ...
