"""Sentences of the rules about service types."""

from __future__ import annotations

from enum import StrEnum


class ServiceReason(StrEnum):
    """Stable for ever, like every code of the rules; each has its sentence below."""

    VOUCHER_NOT_IN_PERSON = "VOUCHER_NOT_IN_PERSON"


SERVICE_TEXTS: dict[StrEnum, tuple[str, str, str]] = {
    ServiceReason.VOUCHER_NOT_IN_PERSON: (
        "Vouchers pay for services given in person; they never pay for {service}. Pay it by other "
        "means.",
        "醫療券只支付親身接受的服務,不支付{service}。請以其他方式付款。",
        "医疗券只支付亲身接受的服务,不支付{service}。请以其他方式付款。",
    ),
}
