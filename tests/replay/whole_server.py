"""A story told on a server that skips time, and told anew where that server lost what was said."""

from __future__ import annotations

import sysconfig
from collections.abc import Awaitable, Callable
from pathlib import Path

from temporalio.client import WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment

SERVER = Path(sysconfig.get_path("scripts")) / "temporal-test-server"
SERVERS = 3
Story = Callable[[WorkflowEnvironment], Awaitable[None]]


def on_a_whole_server(story: Story) -> Callable[[], Awaitable[None]]:
    """Gives the story a server of its own.

    On busy cores the server that skips time comes to "invalid history builder state" and answers
    nothing about that run any more: no promise of ours. Then the story begins anew on another one.
    What it asserts is never tried twice.
    """

    async def told() -> None:
        for _ in range(SERVERS - 1):
            try:
                return await _once(story)
            except WorkflowUpdateRPCTimeoutOrCancelledError:
                continue
            except RPCError as error:
                if error.status is not RPCStatusCode.DEADLINE_EXCEEDED:
                    raise
        return await _once(story)

    told.__name__, told.__doc__, told.__module__ = story.__name__, story.__doc__, story.__module__
    return told


async def _once(story: Story) -> None:
    env = await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=str(SERVER), data_converter=pydantic_data_converter
    )
    async with env:
        await story(env)
