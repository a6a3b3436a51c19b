"""What the reasons of flagged bills, and those that parties name, are called in a story."""

from __future__ import annotations

from crossclaim.domain.story_phrase import Triple

FLAGS: dict[str, Triple] = {
    "PRICE_ABOVE_FILED": (
        "a charge is above the price that was filed",
        "有收費高於備案價格",
        "有收费高于备案价格",
    ),
    "PRICE_NOT_FILED": (
        "no price was filed for an item",
        "有項目沒有備案價格",
        "有项目没有备案价格",
    ),
    "PRICE_LIST_UNKNOWN": (
        "the hospital's filed prices are not known here",
        "未有該醫院的備案價格",
        "未有该医院的备案价格",
    ),
    "BUNDLE_PART_BILLED": (
        "a part of a bundled price is billed beside it",
        "打包價所包含的項目另行收費",
        "打包价所包含的项目另行收费",
    ),
    "INTERNATIONAL_NOT_DESIGNATED": (
        "the hospital is not in the international medical pilot",
        "該醫院並非國際醫療服務試點醫院",
        "该医院并非国际医疗服务试点医院",
    ),
    "INTERNATIONAL_UNKNOWN": (
        "it is not known whether the hospital is in the international medical pilot",
        "未能確定該醫院是否國際醫療服務試點醫院",
        "未能确定该医院是否国际医疗服务试点医院",
    ),
    "CONNECT_INSTITUTION_UNKNOWN": (
        "it is not known which institutions may use Hong Kong-Macao drugs and devices",
        "未有「港澳藥械通」指定醫療機構名單",
        "未有「港澳药械通」指定医疗机构名单",
    ),
    "CONNECT_NOT_DESIGNATED": (
        "the hospital is not designated for Hong Kong-Macao drugs and devices",
        "該醫院並非「港澳藥械通」指定醫療機構",
        "该医院并非「港澳药械通」指定医疗机构",
    ),
    "CONNECT_ITEM_UNKNOWN": (
        "it is not known whether a Hong Kong-Macao drug or device was approved on the day",
        "未能確定「港澳藥械通」品種當日是否獲批",
        "未能确定「港澳药械通」品种当日是否获批",
    ),
    "CONNECT_ITEM_NOT_LISTED": (
        "an item is not on the list of Hong Kong-Macao drugs and devices",
        "有項目不在「港澳藥械通」名單內",
        "有项目不在「港澳药械通」名单内",
    ),
    "CONNECT_ITEM_NOT_APPROVED": (
        "a Hong Kong-Macao drug or device was not approved on the day",
        "「港澳藥械通」品種當日未獲批准",
        "「港澳药械通」品种当日未获批准",
    ),
    "CONNECT_ITEM_OTHER_INSTITUTION": (
        "a Hong Kong-Macao drug or device is approved for other institutions only",
        "「港澳藥械通」品種只獲批用於其他機構",
        "「港澳药械通」品种只获批用于其他机构",
    ),
    "CONNECT_PURPOSE_UNKNOWN": (
        "it is not known what a Hong Kong-Macao drug or device is approved for",
        "未有「港澳藥械通」品種的獲批用途",
        "未有「港澳药械通」品种的获批用途",
    ),
    "CONNECT_PURPOSE_NOT_STATED": (
        "no diagnosis says what a Hong Kong-Macao drug or device was used for",
        "沒有診斷說明「港澳藥械通」品種的用途",
        "没有诊断说明「港澳药械通」品种的用途",
    ),
    "CONNECT_OTHER_PURPOSE": (
        "a Hong Kong-Macao drug or device is not approved for this diagnosis",
        "「港澳藥械通」品種未獲批用於該診斷",
        "「港澳药械通」品种未获批用于该诊断",
    ),
}
PARTY_REASONS: dict[str, Triple] = {
    "UNAVAILABLE": ("it is out of service", "對方暫停服務", "对方暂停服务"),
    "HTTP_500": ("it had an error of its own", "對方系統出錯", "对方系统出错"),
    "HTTP_502": ("it is out of service", "對方暫停服務", "对方暂停服务"),
    "HTTP_503": ("it is out of service", "對方暫停服務", "对方暂停服务"),
    "HTTP_504": ("it did not answer in time", "對方逾時沒有答覆", "对方逾时没有答复"),
    "HTTP_429": (
        "it takes no more requests for now",
        "對方暫不接受更多請求",
        "对方暂不接受更多请求",
    ),
    "INTERNAL": ("an internal error", "系統內部錯誤", "系统内部错误"),
    "BALANCE_INSUFFICIENT": (
        "fewer vouchers are left than were claimed",
        "醫療券餘額少於申報額",
        "医疗券余额少于申报额",
    ),
    "ANSWER_DIFFERS": (
        "the answer was about other money or another person",
        "答覆的金額或對象不符",
        "答复的金额或对象不符",
    ),
    "PAY_LATER_REFUSED": (
        "a charge to Huimin pay-after-care failed",
        "惠民就醫扣款失敗",
        "惠民就医扣款失败",
    ),
    "CARD_DECLINED": ("the bank declined the card", "銀行拒絕該卡扣款", "银行拒绝该卡扣款"),
    "CREDIT_WITHDRAWN": (
        "the bank had withdrawn the credit",
        "銀行已取消惠民醫療金額度",
        "银行已取消惠民医疗金额度",
    ),
    "CREDIT_INSUFFICIENT": (
        "the credit that is left is too small",
        "惠民醫療金餘額不足",
        "惠民医疗金余额不足",
    ),
    "ACCOUNT_INSUFFICIENT": (
        "the money on the personal account is too little",
        "個人賬戶餘額不足",
        "个人账户余额不足",
    ),
}
