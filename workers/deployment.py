"""Makes the build that is about to run the current one, before the first episode starts."""

from __future__ import annotations

import asyncio

from temporalio.api.workflowservice.v1 import SetWorkerDeploymentCurrentVersionRequest
from temporalio.converter import DataConverter
from temporalio.runtime import Runtime, TelemetryConfig
from temporalio.service import RPCError

from crossclaim.config import Settings
from crossclaim.engine import connect
from workers.main import DEPLOYMENT

TRIES = 60


async def _set_current(settings: Settings) -> None:
    # The process may set a default runtime of its own afterwards, which works only once.
    runtime = Runtime(telemetry=TelemetryConfig())
    client = await connect(settings, DataConverter.default, runtime, lazy=False)
    request = SetWorkerDeploymentCurrentVersionRequest(
        namespace=settings.temporal_namespace,
        deployment_name=DEPLOYMENT,
        build_id=settings.build_id,
        identity="crossclaim",
        ignore_missing_task_queues=True,
        allow_no_pollers=True,
    )
    for attempt in range(TRIES):
        try:
            await client.workflow_service.set_worker_deployment_current_version(request)
            return
        except RPCError:
            if attempt + 1 == TRIES:
                raise
            await asyncio.sleep(0.25)


def set_current(settings: Settings) -> None:
    """Blocks until the engine knows the build; runs of older builds move to it by themselves."""
    asyncio.run(_set_current(settings))
