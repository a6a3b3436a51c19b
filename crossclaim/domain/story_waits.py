"""What each thing that an episode can wait for is called in a story."""

from __future__ import annotations

from crossclaim.domain import (
    story_bureau_words,
    story_sentences_bill,
    story_sentences_information,
    story_sentences_records,
    story_sentences_review,
    story_sentences_transfer,
    story_sentences_withdrawal,
)
from crossclaim.domain.story_phrase import Triple
from crossclaim.domain.story_sentences_appeals import APPEAL_WAITING
from crossclaim.domain.story_sentences_repair import REPAIR_WAITING
from crossclaim.domain.story_words_pay_later import PAY_LATER_WAITING
from crossclaim.domain.story_words_payout import PAYOUT_WAITING
from crossclaim.domain.story_words_tenders import TENDER_WAITING

WAITING: dict[str, Triple] = {
    **story_sentences_records.WAITING,
    **story_sentences_transfer.WAITING,
    **PAYOUT_WAITING,
    **APPEAL_WAITING,
    **REPAIR_WAITING,
    **story_sentences_review.WAITING,
    "INSURER_GUARANTEE": (
        "Waits for {insurer}'s answer about the letter of guarantee.",
        "等待{insurer}就擔保函答覆。",
        "等待{insurer}就担保函答复。",
    ),
    "INSURER_DECISION": (
        "Waits for {insurer}'s decision on the claim.",
        "等待{insurer}就索償作出決定。",
        "等待{insurer}就索偿作出决定。",
    ),
    "BANK_RESERVED": (
        "The payment order is about to be handed to {bank}.",
        "付款指示即將交予{bank}。",
        "付款指示即将交予{bank}。",
    ),
    "BANK_SENT": (
        "Waits for {bank}'s word on the payment order.",
        "等待{bank}就付款指示回覆。",
        "等待{bank}就付款指示回复。",
    ),
    "BANK_ACCEPTED": (
        "Waits for {bank}'s proof that the payee's account was credited.",
        "等待{bank}證明收款人帳戶已入帳。",
        "等待{bank}证明收款人账户已入账。",
    ),
    "BANK_UNKNOWN": (
        "It is unknown whether {bank} has paid; nothing is sent again before the bank proves "
        "that it has not.",
        "未能確定{bank}是否已付款;在銀行證明未付款前不會再次發送。",
        "未能确定{bank}是否已付款;在银行证明未付款前不会再次发送。",
    ),
    "BANK_AGAIN": (
        "The bank refused a payout for a passing reason; it is sent again by itself.",
        "銀行因暫時原因拒絕付款，系統會自動再次發送。",
        "银行因暂时原因拒绝付款，系统会自动再次发送。",
    ),
    "PERSON_CLAIM": (
        "Waits for a person: a claim stands still and is not sent by itself any more.",
        "等待人員處理:一項索償已停止,不再自動提交。",
        "等待人员处理:一项索偿已停止,不再自动提交。",
    ),
    "PAYEE_ACCOUNT": (
        "Waits for a person: the payee's account did not take the money.",
        "等待人員處理:收款人帳戶未能收款。",
        "等待人员处理:收款人账户未能收款。",
    ),
    "HOSPITAL_ADMISSION": (
        "Waits for {hospital} to report the admission.",
        "等待{hospital}報告入院。",
        "等待{hospital}报告入院。",
    ),
    "HOSPITAL_FINAL_BILL": (
        "Waits for {hospital}'s final bill.",
        "等待{hospital}的最終帳單。",
        "等待{hospital}的最终账单。",
    ),
    "HOSPITAL_DISCHARGE": (
        "Waits for {hospital} to report the discharge.",
        "等待{hospital}報告出院。",
        "等待{hospital}报告出院。",
    ),
    "PATIENT_PAYMENT": (
        "Waits for the patient's payment of {amount}.",
        "等待病人支付{amount}。",
        "等待病人支付{amount}。",
    ),
    "PATIENT_VOUCHER_CONSENT": (
        "Waits for the patient's signature for the use of vouchers.",
        "等待病人簽署使用醫療券。",
        "等待病人签署使用医疗券。",
    ),
    "PROVIDER_CONFIRMATION": (
        "Waits for the provider to confirm the voucher claim.",
        "等待服務提供者確認醫療券申報。",
        "等待服务提供者确认医疗券申报。",
    ),
    "VOUCHER_VALIDATION": (
        "Waits for the Department of Health to validate the voucher account.",
        "等待衛生署核實醫療券戶口。",
        "等待卫生署核实医疗券户口。",
    ),
    **PAY_LATER_WAITING,
    **TENDER_WAITING,
    "STEP": ("Crossclaim's own turn: to {step}.", "輪到系統:{step}。", "轮到系统:{step}。"),
    "NEWS": ("Waits for the next event.", "等待下一事項。", "等待下一事项。"),
}
"""By ``Standing.waiting_for``; ``STEP`` and ``NEWS`` where that is empty."""

WAITING |= story_bureau_words.WAITING
WAITING |= story_sentences_bill.WAITING
WAITING |= story_sentences_withdrawal.WAITING
WAITING |= story_sentences_information.WAITING
