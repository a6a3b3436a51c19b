"""Words of the page that corrects a bill."""

from __future__ import annotations

from crossclaim.domain.story_phrase import Triple

CORRECTION_WORDS: dict[str, Triple] = {
    "repair_correct": ("Correct a bill", "更正帳單", "更正账单"),
    "repair_correct_does": (
        "A wrong code, charge or document is put right; the new split stands beside the old one"
        " before anything is sent.",
        "更正錯誤的編碼、收費或文件;發送前先並列新舊分攤。",
        "更正错误的编码、收费或文件;发送前先并列新旧分摊。",
    ),
    "correct_not_here": (
        "Diagnoses and department stand as the episode was opened: consents, letters of guarantee"
        " and waiting periods rest on them, so nothing changes them here. With a wrong one the"
        " episode is cancelled and opened anew.",
        "診斷及科室以開立個案時為準:同意書、擔保函及等候期均以此為據,故不可在此更改。"
        "如有錯誤,須取消個案並重新開立。",
        "诊断及科室以开立个案时为准:同意书、担保函及等候期均以此为据,故不可在此更改。"
        "如有错误,须取消个案并重新开立。",
    ),
    "correct_bill": ("Correct the bill", "更正帳單", "更正账单"),
    "correct_which": ("Bill", "帳單", "账单"),
    "correct_effect": (
        "This is how the bill would be split now. Nothing has been sent yet.",
        "帳單現時會如此分攤,尚未發送任何內容。",
        "账单现时会如此分摊,尚未发送任何内容。",
    ),
    "correct_stays": (
        "The version before stays on record. What an insurer has paid counts: it decides on the"
        " whole again, and only the difference is paid or asked back.",
        "原版本保留在紀錄中。保險公司已付的款項計算在內:保險公司重新審核全單,只補付或追回差額。",
        "原版本保留在纪录中。保险公司已付的款项计算在内:保险公司重新审核全单,只补付或追回差额。",
    ),
    "correct_send": ("Correct the bill like this", "按此更正帳單", "按此更正账单"),
    "correct_done": (
        "The bill is corrected. Below is what has changed.",
        "帳單已更正。更改如下。",
        "账单已更正。更改如下。",
    ),
    "correct_moved": (
        "What the correction would do has changed since it was shown. Look at it again below.",
        "更正的影響自上次顯示後已有變化,請在下方重新查看。",
        "更正的影响自上次显示后已有变化,请在下方重新查看。",
    ),
    "correct_silent": (
        "The workflow engine does not answer, so the new split cannot be worked out. Try again in"
        " a moment; what you typed stands below.",
        "工作流程引擎沒有回應,未能計算新分攤。請稍後再試;您輸入的內容保留在下方。",
        "工作流程引擎没有回应,未能计算新分摊。请稍后再试;您输入的内容保留在下方。",
    ),
    "correct_not_yours": (
        "What was charged is the hospital's word: its cashier's office sends this correction.",
        "收費由醫院申報:此更正須由醫院收費處發送。",
        "收费由医院申报:此更正须由医院收费处发送。",
    ),
    "correct_choose": ("Lines of the bill", "帳單項目", "账单项目"),
    "correct_choose_how": (
        "Mark the lines that are wrong, at most {n} at a time.",
        "請標記有誤的項目,每次最多{n}項。",
        "请标记有误的项目,每次最多{n}项。",
    ),
    "correct_these": ("Change the marked lines", "更改已標記的項目", "更改已标记的项目"),
    "correct_add": ("Add a line that was left out", "新增漏報的項目", "新增漏报的项目"),
    "correct_lines": ("Lines to put right", "須更正的項目", "须更正的项目"),
    "correct_category": ("Kind of charge", "收費類別", "收费类别"),
    "correct_code": ("Code of the charge item", "收費項目編碼", "收费项目编码"),
    "correct_description": ("Description", "說明", "说明"),
    "correct_day": ("Date of service", "服務日期", "服务日期"),
    "correct_quantity": ("Quantity", "數量", "数量"),
    "correct_price": ("Unit price", "單價", "单价"),
    "correct_surgery": ("Surgical category", "手術分類", "手术分类"),
    "correct_bundle": ("Bundled price, by its code", "打包付費編碼", "打包付费编码"),
    "correct_drop": ("Take this line off the bill", "從帳單刪除此項", "从账单删除此项"),
    "correct_sums": (
        "Amounts and the total are worked out from quantity and unit price.",
        "金額及總額按數量及單價計算。",
        "金额及总额按数量及单价计算。",
    ),
    "correct_kind": ("Kind of document", "文件類別", "文件类别"),
    "correct_away": ("Take this document off the bill", "從帳單移除此文件", "从账单移除此文件"),
    "correct_paper": (
        "Add a document that was uploaded",
        "加入已上載的文件",
        "加入已上传的文件",
    ),
    "correct_name": ("Name of the document", "文件名稱", "文件名称"),
    "correct_why": (
        "Why it is corrected",
        "更正原因",
        "更正原因",
    ),
    "correct_look": ("Show the new split", "顯示新分攤", "显示新分摊"),
    "surgery_complex": ("complex", "複雜", "复杂"),
    "surgery_major": ("major", "大型", "大型"),
    "surgery_intermediate": ("intermediate", "中型", "中型"),
    "surgery_minor": ("minor", "小型", "小型"),
}
