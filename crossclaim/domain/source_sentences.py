"""Names of sources that are no bank, and reasons that only they have, in three languages."""

from __future__ import annotations

SOURCE_TEXTS: dict[str, tuple[str, str, str]] = {
    "remittance": ("An insurer's remittance.", "保險公司付款通知。", "保险公司付款通知。"),
    "bureau_total": ("A total of the bureau.", "醫保局總額。", "医保局总额。"),
    "bureau_detail": ("A settlement at the bureau.", "醫保局結算明細。", "医保局结算明细。"),
    "voucher": ("A reimbursement of vouchers.", "醫療券償付。", "医疗券偿付。"),
}

SOURCE_WHY_TEXTS: dict[str, tuple[str, str, str]] = {
    "TOTALS_AGREE": ("The sums are the same.", "總額一致。", "总额一致。"),
    "TOTAL_DIFFERS": (
        "The bureau has another sum; its settlements tell where.",
        "醫保局的總額不同，詳見結算明細。",
        "医保局的总额不同，详见结算明细。",
    ),
    "TOTAL_IS_NO_SUM": (
        "The total is not the sum of the lines; nothing of the statement was booked.",
        "總額並非各項之和，結單未予入帳。",
        "总额并非各项之和，结算单未予入账。",
    ),
    "TOLD_LATER": (
        "A later remittance names it.",
        "其後的付款通知已列出。",
        "其后的付款通知已列出。",
    ),
    "NOT_NAMED": (
        "What tells of its day does not name it.",
        "當日的資料沒有列出此項目。",
        "当日的资料没有列出此项目。",
    ),
    "NOT_CONFIRMED": (
        "It was not paid, since the provider has not confirmed the claim.",
        "醫療服務提供者尚未確認申報，故未獲償付。",
        "医疗服务提供者尚未确认申报，故未获偿付。",
    ),
    "NOT_VALIDATED": (
        "It was not paid, since the person's account is not validated.",
        "該人士的戶口尚未核實，故未獲償付。",
        "该人士的户口尚未核实，故未获偿付。",
    ),
    "CLAIM_NOT_COMPLETE": (
        "It was paid, and we do not know yet that the claim is complete.",
        "已獲償付，但我方尚未得悉申報完成。",
        "已获偿付，但我方尚未得悉申报完成。",
    ),
    "OTHER_NUMBER": (
        "It names another transaction number than ours.",
        "交易編號與我方記錄不同。",
        "交易编号与我方记录不同。",
    ),
}
