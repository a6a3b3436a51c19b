"""Whether one part works, as its health check asks, or the sentence that says what does not.

It is asked every few seconds by a process of its own, so each check imports what it needs itself.
"""

from __future__ import annotations

import asyncio
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable

from crossclaim.config import Parties, Settings

ANSWER_WITHIN_S = 4
BEAT_AGE_MAX_S = 30.0


class Unhealthy(Exception):
    """One sentence; holds neither credentials nor personal data."""


def api(settings: Settings) -> None:
    url = f"http://{settings.api_host}:{settings.api_port}/health".replace("0.0.0.0", "127.0.0.1")
    try:
        with urllib.request.urlopen(url, timeout=ANSWER_WITHIN_S):
            return
    except urllib.error.HTTPError as error:
        raise Unhealthy(f"The API answers {error.code} at {url}.") from error
    except OSError as error:
        raise Unhealthy(f"The API does not answer at {url}.") from error


def worker(settings: Settings) -> None:
    _beats(settings, "worker", "poll")


def folders(settings: Settings) -> None:
    _beats(settings, "watch over folders", "look")


def _beats(settings: Settings, who: str, does: str) -> None:
    file = settings.ready_file
    if file is None:
        raise Unhealthy("CROSSCLAIM_READY_FILE is not set, so nobody can tell; set it.")
    if not file.exists():
        raise Unhealthy(f"The {who} has not begun to {does}: {file} does not exist.")
    age_s = time.time() - file.stat().st_mtime
    if age_s > BEAT_AGE_MAX_S:
        raise Unhealthy(f"The {who} has not {does}ed for {age_s:.0f} seconds.")


def database(settings: Settings) -> None:
    import psycopg

    for role in ("", "_worker", "_owner", "_reader"):
        url: str = getattr(settings, f"database{role}_url").get_secret_value()
        if not url:
            continue
        try:
            with psycopg.connect(url, connect_timeout=ANSWER_WITHIN_S) as connection:
                connection.execute("SELECT 1")
            return
        except psycopg.OperationalError as error:
            raise Unhealthy("The database does not answer or refuses our password.") from error
    raise Unhealthy("No database URL is set; set CROSSCLAIM_DATABASE_URL.")


def temporal(settings: Settings) -> None:
    asyncio.run(_temporal(settings))


async def _temporal(settings: Settings) -> None:
    from temporalio.client import Client
    from temporalio.service import RPCError

    key = settings.temporal_api_key
    try:
        async with asyncio.timeout(ANSWER_WITHIN_S):
            client = await Client.connect(
                settings.temporal_address,
                namespace=settings.temporal_namespace,
                tls=settings.temporal_tls,
                api_key=key.get_secret_value() if key else None,
            )
            healthy = await client.service_client.check_health()
    except (RPCError, RuntimeError, TimeoutError) as error:
        raise Unhealthy(f"Temporal does not answer at {settings.temporal_address}.") from error
    if not healthy:
        raise Unhealthy(f"Temporal at {settings.temporal_address} says that it is not serving.")


def objects(settings: Settings) -> None:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError

    client = boto3.client(
        "s3",
        endpoint_url=settings.s3_endpoint or None,
        region_name=settings.s3_region,
        aws_access_key_id=settings.s3_access_key.get_secret_value() or None,
        aws_secret_access_key=settings.s3_secret_key.get_secret_value() or None,
        config=Config(connect_timeout=2, read_timeout=ANSWER_WITHIN_S, retries={"max_attempts": 0}),
    )
    try:
        client.head_bucket(Bucket=settings.s3_bucket)
    except (BotoCoreError, ClientError) as error:
        raise Unhealthy(f"The bucket {settings.s3_bucket} cannot be reached.") from error
    finally:
        client.close()


def simulators(settings: Settings) -> None:
    """The parties of the parties file, when they are simulators."""
    import yaml

    parties = Parties.model_validate(yaml.safe_load(settings.parties_file.read_text("utf-8")))
    trust = ssl.create_default_context(cafile=str(parties.ca_file) if parties.ca_file else None)
    urls = [insurer.base_url for insurer in parties.insurers if insurer.base_url]
    others = (parties.voucher, parties.bureau, parties.ehealth, parties.hospital_authority)
    urls += [known.base_url for known in others if known is not None]
    for url in urls:
        try:
            with urllib.request.urlopen(
                f"{url}/_control/health", timeout=ANSWER_WITHIN_S, context=trust
            ):
                pass
        except OSError as error:
            raise Unhealthy(f"The simulator at {url} does not answer.") from error


CHECKS: dict[str, Callable[[Settings], None]] = {
    "api": api,
    "worker": worker,
    "folders": folders,
    "database": database,
    "temporal": temporal,
    "objects": objects,
    "simulators": simulators,
}


def check(part: str, settings: Settings) -> str:
    """Empty when ``part`` works, else the sentence that says what does not.

    ``ValueError`` names the parts that there are when ``part`` is none of them.
    """
    if part not in CHECKS:
        raise ValueError(f"{part} is no part; choose one of {', '.join(CHECKS)}")
    try:
        CHECKS[part](settings)
    except Unhealthy as unhealthy:
        return str(unhealthy)
    return ""
