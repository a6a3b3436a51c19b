"""Temporal's telemetry: metrics on the port that the settings name, and none without one."""

from __future__ import annotations

import socket

import httpx
import pytest

from crossclaim.config import Settings
from crossclaim.observability import temporal_runtime


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_metrics_are_served_where_the_settings_say() -> None:
    port = _free_port()
    runtime = temporal_runtime(Settings(metrics_port=port))
    runtime.metric_meter.create_counter("bills").add(3)
    answer = httpx.get(f"http://127.0.0.1:{port}/metrics", trust_env=False)
    assert answer.status_code == 200
    assert "bills" in answer.text


def test_a_taken_metrics_port_is_an_error_at_once() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises((RuntimeError, ValueError)):
            temporal_runtime(Settings(metrics_port=taken.getsockname()[1]))
