"""What each type of event means, in the three languages, and where its facts are read."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from crossclaim.domain.allocation import Sentence
from crossclaim.domain.webhook_events import EventType

T = EventType

MEANINGS: Mapping[EventType, Sentence] = MappingProxyType(
    {
        T.EPISODE_OPENED: Sentence(
            en="An episode was opened, or your organisation became a party to it.",
            zh_hant="個案已開立，或貴機構成為其中一方。",
            zh_hans="个案已开立，或贵机构成为其中一方。",
        ),
        T.EPISODE_REOPENED: Sentence(
            en="A closed episode goes on.",
            zh_hant="已結束的個案重新進行。",
            zh_hans="已结束的个案重新进行。",
        ),
        T.EPISODE_CLOSED: Sentence(
            en="Nothing of the episode is open any more.",
            zh_hant="個案已無未完事項。",
            zh_hans="个案已无未完事项。",
        ),
        T.EPISODE_HELD: Sentence(
            en="An episode is held: nothing new is sent and no money moves.",
            zh_hant="個案已暫停：不發送新的訊息，亦不付款。",
            zh_hans="个案已暂停：不发送新的讯息，亦不付款。",
        ),
        T.EPISODE_RELEASED: Sentence(
            en="A held episode goes on.",
            zh_hant="已暫停的個案繼續。",
            zh_hans="已暂停的个案继续。",
        ),
        T.EPISODE_CANCELLED: Sentence(
            en="An episode was cancelled; what is out is asked back.",
            zh_hant="個案已取消，已付出者將追回。",
            zh_hans="个案已取消，已付出者将追回。",
        ),
        T.CONSENT_WITHDRAWN: Sentence(
            en="A consent was withdrawn.",
            zh_hant="同意已被撤回。",
            zh_hans="同意已被撤回。",
        ),
        T.GUARANTEE_REQUESTED: Sentence(
            en="A letter of guarantee was asked for.",
            zh_hant="已要求出具擔保函。",
            zh_hans="已要求出具担保函。",
        ),
        T.GUARANTEE_ANSWERED: Sentence(
            en="The insurer granted or refused a letter of guarantee.",
            zh_hant="保險公司已批出或拒絕擔保函。",
            zh_hans="保险公司已批出或拒绝担保函。",
        ),
        T.GUARANTEE_RELEASED: Sentence(
            en="A letter of guarantee was let go.",
            zh_hant="擔保函已解除。",
            zh_hans="担保函已解除。",
        ),
        T.GUARANTEE_CANCELLED: Sentence(
            en="A letter of guarantee was cancelled.",
            zh_hant="擔保函已取消。",
            zh_hans="担保函已取消。",
        ),
        T.GUARANTEE_EXPIRED: Sentence(
            en="A letter of guarantee has expired.",
            zh_hant="擔保函已到期。",
            zh_hans="担保函已到期。",
        ),
        T.GUARANTEE_WITHDRAWN: Sentence(
            en="The insurer took a letter of guarantee back.",
            zh_hant="保險公司已收回擔保函。",
            zh_hans="保险公司已收回担保函。",
        ),
        T.GUARANTEE_CHANGE_REQUESTED: Sentence(
            en="More money or time under a letter was asked for.",
            zh_hant="已要求提高擔保額或延長期限。",
            zh_hans="已要求提高担保额或延长期限。",
        ),
        T.GUARANTEE_CHANGE_ANSWERED: Sentence(
            en="The insurer answered about a change of a letter.",
            zh_hant="保險公司已就擔保函的更改作出答覆。",
            zh_hans="保险公司已就担保函的更改作出答复。",
        ),
        T.BILL_SPLIT: Sentence(
            en="A bill was divided among its funders; a later version replaces the earlier.",
            zh_hant="帳單已在各付款方之間分攤；較後的版本取代較早的。",
            zh_hans="账单已在各付款方之间分摊；较后的版本取代较早的。",
        ),
        T.BILL_SUPERSEDED: Sentence(
            en="A later version has taken the place of this bill.",
            zh_hant="此帳單已由較後版本取代。",
            zh_hans="此账单已由较后版本取代。",
        ),
        T.BILL_VOIDED: Sentence(
            en="A bill was voided.",
            zh_hant="帳單已作廢。",
            zh_hans="账单已作废。",
        ),
        T.BILL_REOPENED: Sentence(
            en="A settled bill was opened again.",
            zh_hant="已結算的帳單重新開啟。",
            zh_hans="已结算的账单重新开启。",
        ),
        T.PAYMENT_PAID: Sentence(
            en="The patient paid through the acquirer.",
            zh_hant="病人已經收單機構付款。",
            zh_hans="病人已经收单机构付款。",
        ),
        T.PAYMENT_REFUSED: Sentence(
            en="A payment was refused.",
            zh_hant="付款被拒絕。",
            zh_hans="付款被拒绝。",
        ),
        T.PAYMENT_CLOSED: Sentence(
            en="A payment order was closed unpaid.",
            zh_hant="付款指示未付而關閉。",
            zh_hans="付款指示未付而关闭。",
        ),
        T.REFUND_MADE: Sentence(
            en="Money went back to the tender that paid.",
            zh_hant="款項已退回原付款方式。",
            zh_hans="款项已退回原付款方式。",
        ),
        T.REFUND_REFUSED: Sentence(
            en="A refund was refused.",
            zh_hant="退款被拒絕。",
            zh_hans="退款被拒绝。",
        ),
        T.CLAIM_SUBMITTED: Sentence(
            en="A claim went to its insurer.",
            zh_hant="索償已送交保險公司。",
            zh_hans="理赔申请已送交保险公司。",
        ),
        T.CLAIM_PENDED: Sentence(
            en="A claim waits for an examiner.",
            zh_hant="索償正待審核人員處理。",
            zh_hans="理赔申请正待审核人员处理。",
        ),
        T.CLAIM_SUSPENDED: Sentence(
            en="A claim rests after a withdrawal of consent.",
            zh_hant="因撤回同意，索償暫停。",
            zh_hans="因撤回同意，理赔申请暂停。",
        ),
        T.CLAIM_DECIDED: Sentence(
            en="A claim was decided; a later version is a later decision.",
            zh_hant="索償已有決定；較後的版本是較後的決定。",
            zh_hans="理赔申请已有决定；较后的版本是较后的决定。",
        ),
        T.CLAIM_VOIDED: Sentence(
            en="A claim was taken back.",
            zh_hant="索償已撤銷。",
            zh_hans="理赔申请已撤销。",
        ),
        T.CLAIM_REPLACED: Sentence(
            en="The claim of another version of the bill has its place.",
            zh_hant="帳單另一版本的索償已取代此項。",
            zh_hans="账单另一版本的理赔申请已取代此项。",
        ),
        T.CLAIM_FAILED: Sentence(
            en="A claim could not be submitted.",
            zh_hant="索償未能提交。",
            zh_hans="理赔申请未能提交。",
        ),
        T.INFORMATION_REQUESTED: Sentence(
            en="An insurer asks for documents.",
            zh_hant="保險公司要求提供文件。",
            zh_hans="保险公司要求提供文件。",
        ),
        T.INFORMATION_ANSWERED: Sentence(
            en="Every document that was asked for is answered.",
            zh_hant="所要求的文件均已回覆。",
            zh_hans="所要求的文件均已回复。",
        ),
        T.INFORMATION_WITHDRAWN: Sentence(
            en="The insurer no longer asks for the documents.",
            zh_hant="保險公司已撤回文件要求。",
            zh_hans="保险公司已撤回文件要求。",
        ),
        T.INFORMATION_ENDED: Sentence(
            en="The request ended with its claim.",
            zh_hant="文件要求隨索償結束。",
            zh_hans="文件要求随理赔申请结束。",
        ),
        T.INFORMATION_REMINDED: Sentence(
            en="A reminder is due: documents are still missing.",
            zh_hant="提示：文件仍未齊備。",
            zh_hans="提示：文件仍未齐备。",
        ),
        T.INFORMATION_OVERDUE: Sentence(
            en="The time for the documents is over.",
            zh_hant="提交文件的期限已過。",
            zh_hans="提交文件的期限已过。",
        ),
        T.INFORMATION_EXTENDED: Sentence(
            en="The time for the documents was made longer.",
            zh_hant="提交文件的期限已延長。",
            zh_hans="提交文件的期限已延长。",
        ),
        T.APPEAL_LODGED: Sentence(
            en="An appeal was lodged.",
            zh_hant="已提出上訴。",
            zh_hans="已提出申诉。",
        ),
        T.APPEAL_DECIDED: Sentence(
            en="An appeal was decided.",
            zh_hant="上訴已有決定。",
            zh_hans="申诉已有决定。",
        ),
        T.PAYOUT_TO_BE_APPROVED: Sentence(
            en="A payout waits for a second key.",
            zh_hant="付款正待第二人核准。",
            zh_hans="付款正待第二人核准。",
        ),
        T.PAYOUT_RESERVED: Sentence(
            en="A payout is ordered and not yet sent.",
            zh_hant="付款已安排，尚未送出。",
            zh_hans="付款已安排，尚未送出。",
        ),
        T.PAYOUT_SENT: Sentence(
            en="A payout went to the bank.",
            zh_hant="付款指示已送交銀行。",
            zh_hans="付款指示已送交银行。",
        ),
        T.PAYOUT_ACCEPTED: Sentence(
            en="The bank accepted a payout.",
            zh_hant="銀行已接納付款指示。",
            zh_hans="银行已接受付款指示。",
        ),
        T.PAYOUT_CREDITED: Sentence(
            en="A payout stands on the account of its payee.",
            zh_hant="款項已存入收款人帳戶。",
            zh_hans="款项已存入收款人账户。",
        ),
        T.PAYOUT_UNKNOWN: Sentence(
            en="It is not known whether a payout was made; it is inquired about.",
            zh_hant="付款結果不明，正在查詢。",
            zh_hans="付款结果不明，正在查询。",
        ),
        T.PAYOUT_REJECTED: Sentence(
            en="The bank rejected a payout.",
            zh_hant="銀行拒絕付款。",
            zh_hans="银行拒绝付款。",
        ),
        T.PAYOUT_RETURNED: Sentence(
            en="A payout came back.",
            zh_hant="款項被退回。",
            zh_hans="款项被退回。",
        ),
        T.PAYOUT_CANCELLED: Sentence(
            en="A payout was cancelled before it was made.",
            zh_hant="付款在執行前已取消。",
            zh_hans="付款在执行前已取消。",
        ),
        T.CLAW_BACK_ORDERED: Sentence(
            en="Money of a payout is to be given back.",
            zh_hant="須退還已付款項。",
            zh_hans="须退还已付款项。",
        ),
        T.CLAW_BACK_RECEIVED: Sentence(
            en="Money that was ordered back was received.",
            zh_hant="須退還的款項已收到。",
            zh_hans="须退还的款项已收到。",
        ),
        T.CLAW_BACK_NEEDLESS: Sentence(
            en="Nothing is to be given back any more.",
            zh_hant="無須再退還款項。",
            zh_hans="无须再退还款项。",
        ),
        T.CLAW_BACK_WRITTEN_OFF: Sentence(
            en="Nobody is asked any more for what was paid twice.",
            zh_hant="不再追討重複支付的款項。",
            zh_hans="不再追讨重复支付的款项。",
        ),
        T.EXCEPTION_OPENED: Sentence(
            en="A person must look at something.",
            zh_hant="有事項須人手處理。",
            zh_hans="有事项须人工处理。",
        ),
        T.EXCEPTION_RESOLVED: Sentence(
            en="What a person had to look at is settled.",
            zh_hant="須人手處理的事項已解決。",
            zh_hans="须人工处理的事项已解决。",
        ),
        T.PING: Sentence(
            en="A test event that you asked for.",
            zh_hant="你要求的測試事件。",
            zh_hans="您要求的测试事件。",
        ),
    }
)


def link_of(type_: str, episode_id: str | None) -> str:
    """The address where the facts are, for those who may read them; the event holds none."""
    if episode_id is None:
        return "/v1/webhook-event-types"
    if type_.startswith("information."):
        return f"/v1/episodes/{episode_id}/information-requests"
    return f"/v1/episodes/{episode_id}"


def table_in_markdown() -> str:
    """The catalogue as `docs/webhooks.md` has it."""
    rows = [f"| `{type_}` | {MEANINGS[type_].en} |" for type_ in EventType]
    return "\n".join(["| type | meaning |", "|---|---|", *rows]) + "\n"
