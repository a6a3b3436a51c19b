"""The client of an S3 store, as every use of one makes it."""

from __future__ import annotations

from typing import Any

import boto3
from botocore.config import Config


def s3_client(
    *,
    endpoint: str,
    region: str,
    access_key: str,
    secret_key: str,
    connect_timeout_s: float = 3.0,
    read_timeout_s: float = 15.0,
    attempts_max: int = 3,
) -> Any:
    """``endpoint`` empty means AWS; keys empty mean the process's own AWS credentials."""
    # A client is safe for many threads, but the default session behind it is not.
    return boto3.session.Session().client(
        "s3",
        endpoint_url=endpoint or None,
        region_name=region,
        aws_access_key_id=access_key or None,
        aws_secret_access_key=secret_key or None,
        config=Config(
            connect_timeout=connect_timeout_s,
            read_timeout=read_timeout_s,
            retries={"total_max_attempts": attempts_max, "mode": "standard"},
            max_pool_connections=32,
            signature_version="s3v4",
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            s3={"addressing_style": "path"},
        ),
    )
