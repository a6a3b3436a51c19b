"""What kinds of account of the ledger are called."""

from __future__ import annotations

from crossclaim.domain.story_phrase import Triple

ACCOUNTS: dict[str, Triple] = {
    "hospital_bills": ("Bills of hospitals", "醫院帳單", "医院账单"),
    "hospital_non_medical": ("Charges that are no care", "非醫療收費", "非医疗收费"),
    "patient_non_medical": (
        "Patients' charges that are no care",
        "病人非醫療費用",
        "病人非医疗费用",
    ),
    "funder_due": ("Due from funders", "付款方應付", "付款方应付"),
    "reimbursement": ("Reimbursements to patients", "應付病人賠款", "应付病人赔款"),
    "overpaid": ("Overpaid", "多付款項", "多付款项"),
    "written_off": ("Written off", "已註銷款項", "已核销款项"),
    "fx_drift": ("Exchange differences", "匯兌差額", "汇兑差额"),
    "clearing": ("Bank clearing", "銀行清算", "银行清算"),
    "claw_back": ("To be paid back", "應收回款項", "应收回款项"),
    "guarantee_committed": ("Guarantees, committed", "擔保承諾", "担保承诺"),
    "guarantee_reserved": ("Guarantees, reserved", "擔保預留", "担保预留"),
    "guarantee_used": ("Guarantees, used", "擔保已用", "担保已用"),
    "voucher_receivable": ("Receivable for vouchers", "醫療券應收", "医疗券应收"),
    "voucher_committed": ("Vouchers, committed", "醫療券承諾", "医疗券承诺"),
    "bureau_receivable": ("Receivable from the bureau", "醫保應收", "医保应收"),
    "bureau_committed": ("Basic insurance, committed", "醫保承諾", "医保承诺"),
    "settlement": ("Settlements", "結算", "结算"),
    "pay_later_receivable": ("Receivable from pay-later", "信用就醫應收", "信用就医应收"),
    "pay_later_committed": ("Pay-later, committed", "信用就醫承諾", "信用就医承诺"),
}
