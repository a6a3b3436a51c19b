"""Sentences of the faults about information requests; see ``fault_sentences``."""

from __future__ import annotations

INFORMATION_TEXTS: dict[str, tuple[str, str, str]] = {
    "INFORMATION_NOTHING_WANTED": (
        "The request names no document; name at least one.",
        "請求未列明任何文件，請至少列明一項。",
        "请求未列明任何文件，请至少列明一项。",
    ),
    "INFORMATION_TOO_MANY": (
        "A request names at most {most} documents; send a second one for the others.",
        "每項請求最多列明 {most} 份文件，其餘請另行提出。",
        "每项请求最多列明 {most} 份文件，其余请另行提出。",
    ),
    "INFORMATION_WANTED_TWICE": (
        "The same document stands in this request before; list each once.",
        "此文件在本請求中已列出，每份只列一次。",
        "此文件在本请求中已列出，每份只列一次。",
    ),
    "INFORMATION_ALREADY_ASKED": (
        "This document is asked for in another open request of the claim; wait for its answer.",
        "此文件已在本索償的另一項請求中索取，請等待答覆。",
        "此文件已在本索偿的另一项请求中索取，请等待答复。",
    ),
    "INFORMATION_ALREADY_HERE": (
        "This document is here already; if it does not do, ask for it with `again`.",
        "此文件已收妥；如不適用，請以 again 再次索取。",
        "此文件已收妥；如不适用，请以 again 再次索取。",
    ),
    "INFORMATION_LINE_UNKNOWN": (
        "The bill of this claim has no line {line}; check its number.",
        "本索償的帳單沒有第 {line} 項，請核對。",
        "本索偿的账单没有第 {line} 项，请核对。",
    ),
    "INFORMATION_PAPER_UNKNOWN": (
        "This claim has no paper {paper}; check its number.",
        "本索償沒有單據 {paper}，請核對號碼。",
        "本索偿没有单据 {paper}，请核对号码。",
    ),
    "INFORMATION_DUE": (
        "The due time must be still to come and at most {most} days ahead.",
        "期限須為將來的時間，且不多於 {most} 日後。",
        "期限须为将来的时间，且不多于 {most} 日后。",
    ),
    "INFORMATION_RULES_MISSING": (
        "The rules of information requests are not active here; have the operator activate them.",
        "索取資料的規則未在此啟用，請營運人員啟用。",
        "索取资料的规则未在此启用，请运营人员启用。",
    ),
    "INFORMATION_CLAIM_UNKNOWN": (
        "There is no such claim of yours in this episode; check its id.",
        "本個案沒有貴公司的此項索償，請核對編號。",
        "本个案没有贵公司的此项索偿，请核对编号。",
    ),
    "INFORMATION_ONE_SUBJECT": (
        "Say what the documents are about: a claim, or a question about a letter of guarantee.",
        "請註明文件關於索償或擔保書查詢，二者擇一。",
        "请注明文件关于索偿或担保书查询，二者择一。",
    ),
    "INFORMATION_GUARANTEE_UNKNOWN": (
        "You are asked for no letter of guarantee under this reference; check it.",
        "沒有以此編號向貴方提出的擔保書要求，請核對。",
        "没有以此编号向贵方提出的担保书要求，请核对。",
    ),
    "INFORMATION_GUARANTEE_NOT_OPEN": (
        "The question about the letter is {state}; documents are asked for while it waits for your"
        " answer.",
        "擔保書查詢狀態為 {state}；只可在等候貴方答覆期間索取文件。",
        "担保书查询状态为 {state}；只可在等候贵方答复期间索取文件。",
    ),
    "INFORMATION_CLAIM_NOT_OPEN": (
        "The claim is {state}; documents are asked for while it waits for a decision.",
        "索償狀態為 {state}；只可在等候決定期間索取文件。",
        "索偿状态为 {state}；只可在等候决定期间索取文件。",
    ),
    "INFORMATION_REQUEST_UNKNOWN": (
        "There is no such request; check its id.",
        "沒有此項請求，請核對編號。",
        "没有此项请求，请核对编号。",
    ),
    "INFORMATION_REQUEST_CLOSED": (
        "The request is {state}; nothing is awaited for it any more.",
        "此請求狀態為 {state}，已毋須再提交。",
        "此请求状态为 {state}，已毋须再提交。",
    ),
    "INFORMATION_ITEM_UNKNOWN": (
        "The request has no document {item}; they are counted from 1.",
        "此請求沒有第 {item} 份文件（由 1 起計）。",
        "此请求没有第 {item} 份文件（由 1 起计）。",
    ),
    "INFORMATION_ITEM_ANSWERED": (
        "Document {item} of this request has been answered already.",
        "此請求的第 {item} 份文件已有答覆。",
        "此请求的第 {item} 份文件已有答复。",
    ),
    "INFORMATION_SAME_DOCUMENT": (
        "This very file is here already as another document; send the one that is asked for.",
        "此檔案已作為另一份文件提交，請提交所索取的文件。",
        "此文件已作为另一份文件提交，请提交所索取的文件。",
    ),
    "INFORMATION_ONE_ANSWER": (
        "Give either the document or the reason why it cannot be had.",
        "請提交文件或說明未能提供的原因，二者擇一。",
        "请提交文件或说明未能提供的原因，二者择一。",
    ),
    "INFORMATION_ONE_CHANGE": (
        "Give either a later due time or the withdrawal.",
        "請填寫較後期限或撤回，二者擇一。",
        "请填写较后期限或撤回，二者择一。",
    ),
    "INFORMATION_CONSENT_MISSING": (
        "The patient's consents for sending to {insurer} are missing or withdrawn; have them"
        " signed, or let the patient send the document by his own link.",
        "缺少病人就提供資料予 {insurer} 的同意或已撤回；請補簽，或由病人以其連結自行提交。",
        "缺少病人就提供资料予 {insurer} 的同意或已撤回；请补签，或由病人以其链接自行提交。",
    ),
}
