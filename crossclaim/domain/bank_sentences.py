"""What people are told of entries, matches, statements and days, in three languages."""

from __future__ import annotations

from crossclaim.domain.allocation import Sentence
from crossclaim.domain.source_sentences import SOURCE_TEXTS, SOURCE_WHY_TEXTS

Triple = tuple[str, str, str]

STATUS_TEXTS: dict[str, Triple] = {
    "expected": ("It is expected and not due yet.", "預期中，尚未到期。", "预期中，尚未到期。"),
    "matched": ("Both sides have it alike.", "雙方一致。", "双方一致。"),
    "missing": ("One side alone has it.", "只有一方有此記錄。", "只有一方有此记录。"),
    "over": ("More was booked than expected.", "入帳多於預期。", "入账多于预期。"),
    "under": ("Less was booked than expected.", "入帳少於預期。", "入账少于预期。"),
    "wrong_data": (
        "The money is as expected and the data are not; a person confirms it.",
        "金額相符但資料不符，須由人員確認。",
        "金额相符但资料不符，须由人员确认。",
    ),
    "wrong_currency": (
        "It was booked in another currency.",
        "以另一貨幣入帳。",
        "以另一币种入账。",
    ),
    "split": (
        "It was booked in parts, which add up.",
        "分筆入帳，合計相符。",
        "分笔入账，合计相符。",
    ),
    "duplicate": ("It was booked once more.", "重複入帳。", "重复入账。"),
}

WHY_TEXTS: dict[str, Triple] = {
    "REFERENCE_AND_AMOUNT": (
        "The reference and the amount are ours.",
        "參考編號與金額均相符。",
        "参考编号与金额均相符。",
    ),
    "PARTS_ADD_UP": (
        "Several entries carry the reference and add up.",
        "多筆入帳使用同一參考編號，合計相符。",
        "多笔入账使用同一参考编号，合计相符。",
    ),
    "TOTAL_OF_BATCH": (
        "One entry is the total of several of ours.",
        "一筆入帳為我方多筆的總額。",
        "一笔入账为我方多笔的总额。",
    ),
    "ACCOUNT_AND_AMOUNT": (
        "It names no reference; the other account and the amount fit one of ours alone.",
        "沒有參考編號，對方帳戶與金額只符合我方一筆。",
        "没有参考编号，对方账户与金额只符合我方一笔。",
    ),
    "BANK_CHARGE": (
        "The bank took it for its service; it is booked as a charge.",
        "銀行收取的服務費，已入帳為費用。",
        "银行收取的服务费，已入账为费用。",
    ),
    "REFERENCE_LOOKS_ALIKE": (
        "The reference is written in another way than ours.",
        "參考編號的寫法與我方不同。",
        "参考编号的写法与我方不同。",
    ),
    "OTHER_ACCOUNT": (
        "The other account is not the one that we ordered.",
        "對方帳戶並非指示中的帳戶。",
        "对方账户并非指令中的账户。",
    ),
    "MORE_THAN_EXPECTED": (
        "The entries come to more than ours.",
        "入帳合計多於我方記錄。",
        "入账合计多于我方记录。",
    ),
    "LESS_THAN_EXPECTED": (
        "The entries come to less than ours.",
        "入帳合計少於我方記錄。",
        "入账合计少于我方记录。",
    ),
    "LESS_BY_CHARGES": (
        "It is short by the charges that the bank names.",
        "差額為銀行列明的收費。",
        "差额为银行列明的收费。",
    ),
    "OTHER_CURRENCY": (
        "The currency is not the one that we expect.",
        "貨幣並非預期的貨幣。",
        "币种并非预期的币种。",
    ),
    "SAME_BOOKING_AGAIN": (
        "The bank told of this booking before.",
        "銀行此前已通知同一筆入帳。",
        "银行此前已通知同一笔入账。",
    ),
    "PAID_AGAIN": (
        "Another entry has already settled this reference.",
        "此參考編號已由另一筆入帳結清。",
        "此参考编号已由另一笔入账结清。",
    ),
    "TAKEN_BACK": (
        "The bank took back what it had credited under this reference.",
        "銀行撤回此參考編號下的先前入帳。",
        "银行撤回此参考编号下的先前入账。",
    ),
    "NOTHING_EXPECTED": (
        "We expect nothing like it.",
        "我方沒有相應的預期記錄。",
        "我方没有相应的预期记录。",
    ),
    "NOT_STATED": (
        "Statements cover its time and do not have it.",
        "結單已涵蓋該時段，但沒有此筆。",
        "对账单已涵盖该时段，但没有此笔。",
    ),
    "NOT_YET_DUE": (
        "No statement covers its time yet.",
        "結單尚未涵蓋該時段。",
        "对账单尚未涵盖该时段。",
    ),
    "BY_HAND": ("A person matched it.", "由人員配對。", "由人员匹配。"),
}

BECAUSE_TEXTS: dict[str, Triple] = {
    "SAME_AMOUNT_AND_ACCOUNT": (
        "The amount and the other account are the same.",
        "金額與對方帳戶相同。",
        "金额与对方账户相同。",
    ),
    "SAME_AMOUNT": ("The amount is the same.", "金額相同。", "金额相同。"),
    "SAME_REFERENCE_OTHER_AMOUNT": (
        "The reference is the same and the amount is not.",
        "參考編號相同，金額不同。",
        "参考编号相同，金额不同。",
    ),
    "SUM_OF_ACCOUNT": (
        "All that is open with this account comes to the amount.",
        "該帳戶所有未結項目合計等於此金額。",
        "该账户所有未结项目合计等于此金额。",
    ),
    "CLOSED_REFERENCE": (
        "We were told that this would not be executed.",
        "我方曾獲告知此筆不會執行。",
        "我方曾获告知此笔不会执行。",
    ),
    "OTHER_DIRECTION": (
        "The reference is the same and the direction is the other one.",
        "參考編號相同，方向相反。",
        "参考编号相同，方向相反。",
    ),
}

STATEMENT_TEXTS: dict[str, Triple] = {
    "STATEMENT_REPEATED": (
        "The bank sent a statement that we have; nothing of it counts twice.",
        "銀行重複發送結單，內容不會重複計算。",
        "银行重复发送对账单，内容不会重复计算。",
    ),
    "STATEMENT_OUT_OF_ORDER": (
        "A statement came after a later one; it was put into its place.",
        "結單遲於較後的結單送達，已歸入原有次序。",
        "对账单迟于较后的对账单送达，已归入原有次序。",
    ),
    "STATEMENT_GAP": (
        "A statement is missing before this one; ask the bank for it.",
        "此結單之前欠缺結單，請向銀行索取。",
        "此对账单之前缺少对账单，请向银行索取。",
    ),
    "STATEMENT_BALANCE_BREAK": (
        "The opening balance is not the closing balance of the statement before.",
        "期初結餘與上一份結單的期末結餘不符。",
        "期初余额与上一份对账单的期末余额不符。",
    ),
    "STATEMENT_NUMBER_REUSED": (
        "Two statements of this account have the same number.",
        "此帳戶有兩份結單使用同一編號。",
        "此账户有两份对账单使用同一编号。",
    ),
    "STATEMENT_ACCOUNT_UNKNOWN": (
        "A statement is of an account that nobody here has; none of its entries was kept.",
        "結單所屬帳戶並非本平台任何機構所有，其入帳未予保存。",
        "对账单所属账户并非本平台任何机构所有，其入账未予保存。",
    ),
    "STATEMENT_LATE_ENTRY": (
        "Something was booked on a day that was closed; the day was opened again.",
        "已關帳日有新的入帳，該日已重新開帳。",
        "已关账日有新的入账，该日已重新开账。",
    ),
    "BANK_STATEMENT_SUMS": (
        "The statement does not add up; the file is kept and nothing of it was taken.",
        "結單數字不符；檔案已保留，內容未予採用。",
        "对账单数字不符；文件已保留，内容未予采用。",
    ),
    "BANK_FILE_TOO_LARGE": (
        "The file is larger than allowed; it is kept and nothing of it was taken.",
        "檔案超過容許大小；已保留，內容未予採用。",
        "文件超过允许大小；已保留，内容未予采用。",
    ),
    "BANK_FILE_FORBIDDEN": (
        "The file declares entities or a document type; it is kept and was not read.",
        "檔案含有實體或文件類型宣告；已保留，未予讀取。",
        "文件含有实体或文档类型声明；已保留，未予读取。",
    ),
    "BANK_VERSION_UNKNOWN": (
        "The message is of a version that we do not know; it is kept and nothing was taken.",
        "訊息版本未知；已保留，內容未予採用。",
        "报文版本未知；已保留，内容未予采用。",
    ),
    "BANK_MESSAGE_REUSED": (
        "The message has the id of another one; it is kept and nothing of it was taken.",
        "訊息編號與另一訊息重複；已保留，內容未予採用。",
        "报文编号与另一报文重复；已保留，内容未予采用。",
    ),
    "BANK_FILE_UNREADABLE": (
        "The file cannot be understood; it is kept and nothing of it was taken.",
        "無法理解檔案內容；已保留，內容未予採用。",
        "无法理解文件内容；已保留，内容未予采用。",
    ),
    "BANK_FIGURES": (
        "The file has figures that no bank books; it is kept and nothing of it was taken.",
        "檔案含有不可能的數字；已保留，內容未予採用。",
        "文件含有不可能的数字；已保留，内容未予采用。",
    ),
    "BANK_STATEMENT_PERIOD": (
        "The statement ends before it begins or after it was made; it is kept and nothing of it was"
        " taken.",
        "結單的結束早於開始或晚於製作時間；已保留，內容未予採用。",
        "对账单的结束早于开始或晚于制作时间；已保留，内容未予采用。",
    ),
}

DAY_TEXTS: dict[str, Triple] = {
    "ALL_MATCHED_OR_EXPLAINED": (
        "Everything on this day is matched or explained.",
        "當日所有項目均已配對或說明。",
        "当日所有项目均已匹配或说明。",
    ),
    "LATE_ENTRY": (
        "Something was booked on this day after it had closed.",
        "關帳後當日有新的入帳。",
        "关账后当日有新的入账。",
    ),
    "OPEN_ITEM": (
        "Something on this day is no longer matched or explained.",
        "當日有項目不再配對或說明。",
        "当日有项目不再匹配或说明。",
    ),
    "OPEN_ELSEWHERE": (
        "A remittance, the bureau or the Department of Health says something of this day that is"
        " neither matched nor explained.",
        "當日有付款通知、醫保局或衛生署的項目尚未配對或說明。",
        "当日有付款通知、医保局或卫生署的项目尚未匹配或说明。",
    ),
    "STATEMENTS_INCOMPLETE": (
        "Statements no longer cover this day without a break.",
        "結單不再完整涵蓋當日。",
        "对账单不再完整涵盖当日。",
    ),
}

ORDER_TEXTS: dict[str, Triple] = {
    "MATCH_ITEM_UNKNOWN": (
        "There is no such item in your accounts; take its id from the list.",
        "貴機構的帳戶沒有此項目，請使用清單中的編號。",
        "贵机构的账户没有此项目，请使用清单中的编号。",
    ),
    "MATCH_ITEM_TWICE": (
        "This item is named twice; name each once.",
        "此項目重複，每項只可列一次。",
        "此项目重复，每项只可列一次。",
    ),
    "MATCH_ONE_SIDE": (
        "A match needs at least one entry of the bank and one of ours.",
        "配對須至少包括銀行一筆及我方一筆。",
        "匹配须至少包括银行一笔及我方一笔。",
    ),
    "MATCH_TWO_DIRECTIONS": (
        "Debits and credits are not matched with each other.",
        "借記與貸記不能互相配對。",
        "借记与贷记不能互相匹配。",
    ),
    "MATCH_TWO_ACCOUNTS": (
        "The items are of several accounts; match those of one account.",
        "項目屬於多個帳戶，請只配對同一帳戶的項目。",
        "项目属于多个账户，请只匹配同一账户的项目。",
    ),
    "MATCH_ALREADY_DONE": (
        "This item is matched or explained already; take that back first.",
        "此項目已配對或說明，請先撤銷。",
        "此项目已匹配或说明，请先撤销。",
    ),
    "MATCH_GROUP_SPLIT": (
        "These belong to the same match and must be named too: {others}.",
        "以下項目屬於同一配對，須一併列出：{others}。",
        "以下项目属于同一匹配，须一并列出：{others}。",
    ),
    "REMITTANCE_SUMS": (
        "The lines do not add up to the total; nothing was taken.",
        "各項合計與總額不符，未予採用。",
        "各项合计与总额不符，未予采用。",
    ),
    "REMITTANCE_CURRENCIES": (
        "A remittance is in one currency.",
        "付款通知須使用同一貨幣。",
        "付款通知须使用同一币种。",
    ),
    "REMITTANCE_HOSPITAL_UNKNOWN": (
        "No hospital is known by this id.",
        "沒有使用此編號的醫院。",
        "没有使用此编号的医院。",
    ),
    "MATCH_NOT_KEPT": (
        "Something in the order cannot be kept; nothing of it was done.",
        "指示內有無法記錄的內容，未予執行。",
        "指令内有无法记录的内容，未予执行。",
    ),
    "REMITTANCE_NUMBER_REUSED": (
        "Another remittance with other content has this number.",
        "此編號已用於內容不同的另一付款通知。",
        "此编号已用于内容不同的另一付款通知。",
    ),
    "MATCH_UNKNOWN": (
        "There is no such match in your accounts.",
        "貴機構的帳戶沒有此配對。",
        "贵机构的账户没有此匹配。",
    ),
    "MATCH_EXPLAINED": (
        "What was left of this match was explained since; take that back first.",
        "此配對的餘額其後已作說明，請先撤銷該說明。",
        "此匹配的余额其后已作说明，请先撤销该说明。",
    ),
    "MATCH_TWO_SOURCES": (
        "Items of different sources are not matched with each other.",
        "不同來源的項目不能互相配對。",
        "不同来源的项目不能互相匹配。",
    ),
    "MATCH_UNEQUAL": (
        "The two sides do not come to the same money; explain them instead.",
        "雙方金額不符，請改為說明。",
        "双方金额不符，请改为说明。",
    ),
    "MATCH_UNDONE": (
        "This match was taken back before.",
        "此配對此前已撤銷。",
        "此匹配此前已撤销。",
    ),
}

_TEXTS = {
    **SOURCE_TEXTS,
    **SOURCE_WHY_TEXTS,
    **STATUS_TEXTS,
    **WHY_TEXTS,
    **BECAUSE_TEXTS,
    **STATEMENT_TEXTS,
    **DAY_TEXTS,
    **ORDER_TEXTS,
}


def bank_sentence(code: str, **values: object) -> Sentence:
    """Raises ``KeyError`` for a code that has none."""
    en, zh_hant, zh_hans = (text.format(**values) for text in _TEXTS[code])
    return Sentence(en=en, zh_hant=zh_hant, zh_hans=zh_hans)
