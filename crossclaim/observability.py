"""Logs as JSON lines with the ids that belong together, and Temporal's telemetry."""

from __future__ import annotations

import json
import logging
import logging.config
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType

from temporalio.runtime import (
    LogForwardingConfig,
    LoggingConfig,
    PrometheusConfig,
    Runtime,
    TelemetryConfig,
    TelemetryFilter,
)

from crossclaim.config import Settings

_correlation: ContextVar[dict[str, str] | None] = ContextVar("correlation", default=None)

# Ids and counts only: what else the SDK attaches to a record may hold anything.
_TEMPORAL_IDS = (
    "workflow_id",
    "workflow_type",
    "run_id",
    "workflow_run_id",
    "activity_id",
    "activity_type",
    "attempt",
    "task_queue",
    "update_id",
    "update_name",
)


@contextmanager
def correlated(**ids: str) -> Iterator[None]:
    """Every log line within carries these opaque ids, e.g. ``correlation_id``, ``episode``."""
    token = _correlation.set({**(_correlation.get() or {}), **ids})
    try:
        yield
    finally:
        _correlation.reset(token)


def correlation() -> dict[str, str]:
    """The ids bound at this moment, for handing on to another process."""
    return dict(_correlation.get() or {})


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, logger, role, message, ids, and the stack if any."""

    def __init__(self, role: str) -> None:
        super().__init__()
        self._role = role

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "role": self._role,
            "process": record.process,
            "message": record.getMessage(),
            **_temporal_ids(record),
            **correlation(),
        }
        if record.exc_text:
            line["stack"] = record.exc_text
        return json.dumps(line, ensure_ascii=False, default=str)


def configure_logging(role: str, level: str) -> None:
    """Sends all logs of this process, uncaught exceptions too, redacted to standard error."""
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            # Named, not imported: observability and security stand side by side.
            "filters": {"redaction": {"()": "crossclaim.security.redaction.Redaction"}},
            "formatters": {"json": {"()": JsonLines, "role": role}},
            "handlers": {
                "stderr": {
                    "class": "logging.StreamHandler",
                    "stream": "ext://sys.stderr",
                    "formatter": "json",
                    "filters": ["redaction"],
                }
            },
            "root": {"level": level.upper(), "handlers": ["stderr"]},
            # At debug level these write whole payloads and statements with their values.
            "loggers": {
                name: {"level": max(logging.getLevelName(level.upper()), logging.INFO)}
                for name in ("temporalio", "botocore", "boto3", "urllib3", "httpcore")
            }
            # A line for each call of a party tells nothing that its attempt's row does not.
            | {"httpx": {"level": max(logging.getLevelName(level.upper()), logging.WARNING)}}
            # Its warnings carry what the database says of a row, values and all.
            | {"psycopg": {"level": "ERROR"}},
        }
    )
    logging.captureWarnings(True)
    sys.excepthook = _log_uncaught
    threading.excepthook = _log_uncaught_of_thread


def temporal_runtime(settings: Settings) -> Runtime:
    """Temporal's core, its logs through Python's, its metrics for Prometheus on ``metrics_port``.

    One a process. Raises ``ValueError`` or ``RuntimeError`` when the port is taken.
    """
    metrics = (
        PrometheusConfig(bind_address=f"{settings.api_host}:{settings.metrics_port}")
        if settings.metrics_port
        else None
    )
    forwarding = LogForwardingConfig(
        logger=logging.getLogger("temporalio.core"), append_log_fields_to_message=False
    )
    core = LoggingConfig(
        filter=TelemetryFilter(core_level="WARN", other_level="ERROR"), forwarding=forwarding
    )
    return Runtime(telemetry=TelemetryConfig(logging=core, metrics=metrics))


def _temporal_ids(record: logging.LogRecord) -> dict[str, object]:
    ids: dict[str, object] = {}
    core = getattr(getattr(record, "temporal_log", None), "fields", None)
    for details in (
        core,
        getattr(record, "temporal_workflow", None),
        getattr(record, "temporal_activity", None),
    ):
        if isinstance(details, dict):
            ids |= {name: details[name] for name in _TEMPORAL_IDS if name in details}
    return ids


def _log_uncaught(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger("crossclaim").critical("uncaught exception", exc_info=(kind, error, trace))


def _log_uncaught_of_thread(arguments: threading.ExceptHookArgs) -> None:
    if arguments.exc_value is not None and arguments.exc_type is not SystemExit:
        _log_uncaught(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)
