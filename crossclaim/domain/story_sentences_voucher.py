"""What a story says of vouchers beyond the own account's claim."""

from __future__ import annotations

from crossclaim.domain.story_phrase import Triple

SENTENCES: dict[str, Triple] = {
    "claim_due_voucher_spouse": (
        "Claim {reference} on the paired spouse's vouchers for bill {number} became due: "
        "{forecast}.",
        "帳單{number}就已配對配偶的醫療券的申報{reference}已到期提交:{forecast}。",
        "账单{number}就已配对配偶的医疗券的申报{reference}已到期提交:{forecast}。",
    ),
    "consent_given_by_spouse": (
        "The spouse signed {consent} on {signed_at} (text {version}, {channel}).",
        "配偶於{signed_at}簽署{consent}(文本{version},{channel})。",
        "配偶于{signed_at}签署{consent}(文本{version},{channel})。",
    ),
    "consent_withdrawn_by_spouse": (
        "The spouse withdrew {consent}; nothing is sent on it from now on.",
        "配偶撤回{consent};此後不再據此發送。",
        "配偶撤回{consent};此后不再据此发送。",
    ),
    "spouse_named": (
        "The patient's spouse was named for the use of paired vouchers.",
        "已登記病人的配偶,以共用醫療券。",
        "已登记病人的配偶,以共用医疗券。",
    ),
    "spouse_paired": (
        "The eHealth System (Subsidies) confirms the pairing, made on {day}.",
        "醫健通(資助)系統確認雙方於{day}配對。",
        "医健通(资助)系统确认双方于{day}配对。",
    ),
    "spouse_not_paired": (
        "The eHealth System (Subsidies) knows no pairing of the two; the spouse's vouchers pay "
        "nothing.",
        "醫健通(資助)系統沒有雙方的配對;不能使用配偶的醫療券。",
        "医健通(资助)系统没有双方的配对;不能使用配偶的医疗券。",
    ),
    "spouse_told": (
        "The eHealth System (Subsidies) told both spouses of claim {reference} by text message.",
        "醫健通(資助)系統已就申報{reference}以短訊通知雙方。",
        "医健通(资助)系统已就申报{reference}以短信通知双方。",
    ),
    "identity_checked": (
        "{by} saw the patient and {document} at {place} on {checked_at}; no fee was charged.",
        "{by}於{checked_at}在{place}核對病人本人及{document};不收費用。",
        "{by}于{checked_at}在{place}核对病人本人及{document};不收费用。",
    ),
    "appointment_registered": (
        "Registered through the voucher entry ({entry}) for {department} at {starts_at}, "
        "appointment {number}.",
        "已經醫療券入口({entry})預約{department},時間{starts_at},預約編號{number}。",
        "已经医疗券入口({entry})预约{department},时间{starts_at},预约编号{number}。",
    ),
    "appointment_changed": (
        "Appointment {number} was changed to {department} at {starts_at}.",
        "預約{number}已更改為{department},時間{starts_at}。",
        "预约{number}已更改为{department},时间{starts_at}。",
    ),
    "appointment_kept": (
        "The patient reported for appointment {number} in {department}.",
        "病人已就預約{number}到{department}報到。",
        "病人已就预约{number}到{department}报到。",
    ),
    "appointment_no_show": (
        "The patient did not come to appointment {number} at {starts_at}.",
        "病人未按預約{number}於{starts_at}到診。",
        "病人未按预约{number}于{starts_at}到诊。",
    ),
    "appointment_cancelled": (
        "Appointment {number} was cancelled.",
        "預約{number}已取消。",
        "预约{number}已取消。",
    ),
    "account_temporary": (
        "A temporary voucher account was opened; the Department of Health validates it later.",
        "已開立臨時醫療券戶口;稍後由衛生署核實。",
        "已开立临时医疗券户口;稍后由卫生署核实。",
    ),
    "claim_entered": (
        "Voucher claim {reference} was entered; without all that it needs it lapses on {day}.",
        "醫療券申報{reference}已輸入;如未齊備,將於{day}失效。",
        "医疗券申报{reference}已输入;如未齐备,将于{day}失效。",
    ),
    "claim_confirmation_given": (
        "Provider {by} confirmed the voucher claims of bill {number}.",
        "服務提供者{by}已確認帳單{number}的醫療券申報。",
        "服务提供者{by}已确认账单{number}的医疗券申报。",
    ),
    "claim_confirmed": (
        "The eHealth System (Subsidies) holds claim {reference} as confirmed.",
        "醫健通(資助)系統已記錄申報{reference}為已確認。",
        "医健通(资助)系统已记录申报{reference}为已确认。",
    ),
    "claim_validated": (
        "The voucher account of claim {reference} is validated.",
        "申報{reference}所用的醫療券戶口已核實。",
        "申报{reference}所用的医疗券户口已核实。",
    ),
    "claim_lapsed": (
        "Voucher claim {reference} lapsed at the eHealth System (Subsidies).",
        "醫療券申報{reference}已在醫健通(資助)系統失效。",
        "医疗券申报{reference}已在医健通(资助)系统失效。",
    ),
    "use_record_kept": (
        "The record on use of vouchers of claim {reference} was printed and kept.",
        "申報{reference}的《醫療券使用記錄》已印製並存檔。",
        "申报{reference}的《医疗券使用记录》已印制并存档。",
    ),
    "voucher_reimbursed": (
        "The Department of Health reimbursed {amount} for claim {reference} (statement {number}).",
        "衛生署就申報{reference}發還{amount}(結單{number})。",
        "卫生署就申报{reference}发还{amount}(结单{number})。",
    ),
}
