"""Named time limits, retry policies, task queues and id functions of all workflows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from temporalio.common import RetryPolicy

EPISODES = "episodes"
"""Workflow tasks and the local activities on our own database."""
VOUCHER = "voucher"
BUREAU = "bureau"
INSURER = "insurer"
BANK_FILES = "bank-files"
RECORDS = "records"
EHEALTH = "ehealth"
CREDIT = "credit"
ACQUIRER = "acquirer"
NOTICES = "notices"
"""What we tell organisations of ourselves: webhooks."""
QUEUES = (
    EPISODES,
    VOUCHER,
    BUREAU,
    INSURER,
    BANK_FILES,
    RECORDS,
    EHEALTH,
    CREDIT,
    ACQUIRER,
    NOTICES,
)

NOT_RETRYABLE = ["Refused", "Final", "PayloadsTooLarge"]

OWN_ROWS: dict[str, Any] = {
    "start_to_close_timeout": timedelta(seconds=20),
    "local_retry_threshold": timedelta(seconds=5),
    "retry_policy": RetryPolicy(
        initial_interval=timedelta(milliseconds=100),
        backoff_coefficient=2.0,
        maximum_interval=timedelta(seconds=10),
        non_retryable_error_types=NOT_RETRYABLE,
    ),
}
"""A step on our own database: short, local, repeated until the database is back."""

OUTSIDE: dict[str, Any] = {
    "start_to_close_timeout": timedelta(seconds=30),
    "retry_policy": RetryPolicy(
        initial_interval=timedelta(milliseconds=500),
        backoff_coefficient=2.0,
        maximum_interval=timedelta(minutes=2),
        non_retryable_error_types=NOT_RETRYABLE,
    ),
}
"""A call to an outside party: repeated as long as it takes; rows keep it from acting twice."""

OFFICE: dict[str, Any] = {
    "start_to_close_timeout": timedelta(seconds=30),
    "retry_policy": RetryPolicy(
        initial_interval=timedelta(seconds=1),
        backoff_coefficient=4.0,
        maximum_interval=timedelta(hours=1),
        non_retryable_error_types=NOT_RETRYABLE,
    ),
}
"""A call to an office that takes days to decide: nobody stands and waits, so it is left alone."""

MONTHS: dict[str, Any] = {**OUTSIDE, "start_to_close_timeout": timedelta(minutes=10)}
"""A look at every hospital's month, claim by claim."""

BACKTEST: dict[str, Any] = {
    **OUTSIDE,
    "start_to_close_timeout": timedelta(hours=2),
    "heartbeat_timeout": timedelta(minutes=1),
}
"""A month's bills split twice: long, told as it goes, begun anew where its worker dies."""

WATCH: dict[str, Any] = {
    "start_to_close_timeout": timedelta(minutes=2),
    "heartbeat_timeout": timedelta(seconds=10),
    "retry_policy": RetryPolicy(
        initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=10)
    ),
}


FAILED_STEP_PATIENCE = timedelta(minutes=5)
"""How long an episode waits for news before a step that failed for good is tried again."""

BINDING_RENEWED_AFTER = timedelta(days=365)
"""No run of a family binding lives longer; the next one goes on where it stood."""

BINDING_STEP_PATIENCE = timedelta(days=1)
"""How long a binding waits for news before a step that failed for good is tried again."""

GUARANTEE_PATIENCE = timedelta(minutes=10)
"""How long a bill waits for the answer about a guarantee before it is split without one."""


CREDIT_RENEW_AFTER = 200
"""Events after which an account's run goes on as a new one."""


def credit_workflow_id(account_id: str) -> str:
    """An account's workflow id is the account's own opaque id."""
    return account_id


def episode_workflow_id(episode_id: str) -> str:
    """An episode's workflow id is the episode's own opaque id."""
    return episode_id


def bill_look_workflow_id(episode_id: str, look: str) -> str:
    """Under the episode's own id, so that its key seals what is looked at."""
    return f"{episode_id}/look/{look}"


def family_workflow_id(subject_id: str) -> str:
    """The workflow id of a binding (``fb_…``) or a code link (``fc_…``) is its own opaque id."""
    return subject_id


def inbox_schedule_id(bank: str) -> str:
    return f"bank-inbox-{bank}"


def hcx_answer_workflow_id(message: int) -> str:
    return f"hcx-answer-{message}"


def hcx_notice_workflow_id(notice: int) -> str:
    return f"hcx-notice-{notice}"


SWEEP_SCHEDULE_ID = "submission-sweep"
VOUCHER_MONTHS_SCHEDULE_ID = "voucher-months"
COMPARISON_SCHEDULE_ID = "settlement-comparison"
BANK_MATCHING_SCHEDULE_ID = "bank-matching"
ACQUIRER_DAY_SCHEDULE_ID = "acquirer-day"
AUDIT_SEAL_SCHEDULE_ID = "audit-seal"
ERASURE_SCHEDULE_ID = "erasure"
WEBHOOKS_SCHEDULE_ID = "webhooks"
