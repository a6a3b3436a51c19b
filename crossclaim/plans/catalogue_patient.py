"""Parameters of plans that concern no single funder: order, prices, approved items, transfers.

Such plans are of the patient, who carries what no funder does and is charged these prices.
"""

from __future__ import annotations

from crossclaim.domain.plan import Unit
from crossclaim.domain.sentences_services import ServiceReason
from crossclaim.domain.service_type import ServiceType
from crossclaim.domain.services import OWN_RULES
from crossclaim.domain.submission import ChargeCategory, ConsentType, FunderKind
from crossclaim.domain.transfer_submission import Region
from crossclaim.plans.expected import CHANNELS, TERMS, Expected

_CATEGORIES = frozenset(c.value for c in ChargeCategory)
_CONSENTS = frozenset(consent.value for consent in ConsentType)
_FUNDERS = frozenset(f.value for f in FunderKind)
_CARRIES = frozenset({"whole_bill", "net_of_earlier", "rest"})

_METHODS = frozenset({"wechat", "alipay", "ecny", "bank_card", "foreign_card", "cash"})
_SERVICES = frozenset(s.value for s in ServiceType)
_WHO_PAYS = frozenset({OWN_RULES, ServiceReason.VOUCHER_NOT_IN_PERSON.value})

PATIENT = (
    Expected("refund_order", (Unit.CODES,), words=_METHODS),
    Expected("services.*.channels", (Unit.CODES,), words=CHANNELS, names=_SERVICES),
    *(
        Expected(f"services.*.{funder}", (Unit.CODE,), words=_WHO_PAYS, names=_SERVICES)
        for funder in sorted(_FUNDERS)
    ),
    Expected("order", (Unit.CODES,), words=_FUNDERS),
    Expected("episode_of_service", (Unit.CODE,), words=frozenset({"bill"})),
    Expected("carries.*", (Unit.CODE,), words=_CARRIES, names=_FUNDERS),
    Expected("international.list_complete", (Unit.SWITCH,)),
    Expected("international.price_filing", (Unit.SWITCH,)),
    Expected("international.pricing", (Unit.CODE,), words=frozenset({"market_price"})),
    Expected("international.hospitals.*", (Unit.SWITCH,), names=TERMS),
    Expected("price_list.hospital", (Unit.CODE,)),
    Expected("price_list.channel", (Unit.CODE,), words=frozenset({"international"})),
    Expected("prices.*", (Unit.CNY,)),
    Expected("bundles.*.price", (Unit.CNY,), names=TERMS),
    Expected("bundles.*.non_medical", (Unit.CNY,), names=TERMS),
    Expected("bundles.*.includes", (Unit.CODES,), words=_CATEGORIES, names=TERMS),
    Expected("transfer.needs", (Unit.CODES,), words=_CONSENTS),
    Expected("transfer.hospitals.*", (Unit.SWITCH,), names=TERMS),
    Expected("transfer.list_complete", (Unit.SWITCH,)),
    Expected("transfer.approvals", (Unit.CODES,), words=frozenset(r.value for r in Region)),
    Expected("connect.categories", (Unit.CODES,), words=_CATEGORIES),
    Expected("connect.items_approved", (Unit.COUNT,)),
    Expected("connect.institutions_designated", (Unit.COUNT,)),
    Expected("connect.approval_by", (Unit.CODE,), words=frozenset({"guangdong"})),
    Expected("connect.institutions", (Unit.CODES,), words=TERMS),
    Expected("connect.item_list", (Unit.CODES,), words=TERMS),
    Expected("connect.items.*.kind", (Unit.CODE,), words=frozenset({"drug", "device"})),
    Expected("connect.items.*.approved", (Unit.SWITCH,), names=TERMS),
    Expected("connect.items.*.institutions", (Unit.CODES,), words=TERMS, names=TERMS),
    Expected("connect.items.*.purposes", (Unit.CODES,), words=TERMS, names=TERMS),
)
