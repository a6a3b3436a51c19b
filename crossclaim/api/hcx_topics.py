"""Subscriptions to topics of the exchange, and notifications of others."""

from __future__ import annotations

import json
import logging
from typing import Any

from crossclaim.api.body import BodyRefused, parse_json
from crossclaim.api.hcx_port import HcxExchange
from crossclaim.api.services import ApiServices
from crossclaim.domain.hcx import COMPLETE, SUBSCRIBE
from crossclaim.domain.hcx_cycle import Arrived, Opened
from crossclaim.domain.hcx_errors import HcxCode, HcxError
from crossclaim.domain.hcx_topics import topic_of, wished

_log = logging.getLogger("crossclaim.hcx")


async def take_wish(services: ApiServices, door: HcxExchange, message: Opened) -> Arrived:
    """Kept, and answered with the subscription as it stands."""
    said = message.headers
    wish = wished(
        _content(message),
        said.sender,
        said.recipient,
        services.now(),
        active=message.action == SUBSCRIBE,
    )
    await door.wish(message, wish)
    told = {"subscription_list": [wish.wire()]}
    return message.arrived(None, status=COMPLETE, content=json.dumps(told))


async def take_notification(door: HcxExchange, message: Opened) -> None:
    """Its topic is kept, and none of its words: they may name anybody."""
    topic = topic_of(_content(message))
    await door.note(message, message.arrived(None, reference=topic.value))
    _log.warning("%s tells of %s", message.organisation, topic.value)


def _content(message: Opened) -> Any:
    try:
        return parse_json(message.content.encode())
    except BodyRefused as error:
        raise HcxError(HcxCode.WRONG_DOMAIN, error.code) from None
