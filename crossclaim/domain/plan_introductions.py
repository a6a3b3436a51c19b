"""Introductions of the program's own plans in Chinese, by the English that their files have.

An introduction that was changed, or is a plan's of somebody else, stands as its file has it.
"""

from __future__ import annotations

from crossclaim.domain.allocation import Sentence
from crossclaim.domain.story_phrase import plain

_CHINESE: dict[str, tuple[str, str]] = {
    "Our source says that one hospital": (
        "資料來源指有一間醫院自2024年10月起有此類轉運;兩地對車輛所需的審批,以及其他參與醫院,來源沒有說明。",
        "资料来源指有一间医院自2024年10月起有此类转运;两地对车辆所需的审批,以及其他参与医院,来源没有说明。",
    ),
    "No source of ours names levels": (
        "沒有資料來源訂明跨境索償決定的上訴級數或時限;此處各值均為假設,應以保險公司本身的條款取代。",
        "没有资料来源订明跨境索偿决定的上诉级数或时限;此处各值均为假设,应以保险公司本身的条款取代。",
    ),
    "No source states these figures": (
        "這些數字沒有資料來源,由營運者訂定,應按保險公司的做法設定。檢查從不拒賠,因此數字過低只令審核員多看一次,"
        "不影響病人的款項。醫院按整次住院合計的項目(病房、護理、主診醫生)沒有每日數字。帳單是否曾經索償,毋須數字。",
        "这些数字没有资料来源,由运营者订定,应按保险公司的做法设定。检查从不拒赔,因此数字过低只令审核员多看一次,"
        "不影响病人的款项。医院按整次住院合计的项目(病房、护理、主诊医生)没有每日数字。账单是否曾经索偿,无须数字。",
    ),
    "No source states what the pooled fund": (
        "沒有資料來源說明統籌基金的支付標準,因此不作預測,只以醫保經辦機構的結算為準;"
        "情境E10的人民幣500.00元是該情境的輸入值,不是規則。",
        "没有资料来源说明统筹基金的支付标准,因此不作预测,只以医保经办机构的结算为准;"
        "情境E10的人民币500.00元是该情境的输入值,不是规则。",
    ),
    "A plan of the patient holds": (
        "歸入病人名下的方案載有不屬單一付款方的規則。各付款方的不保事項載於其本身的方案:"
        "醫療券與基本醫保見voucher-ehcv-gba,基本醫保的國際醫療服務見basic-insurance-exclusions。",
        "归入病人名下的方案载有不属单一付款方的规则。各付款方的不保事项载于其本身的方案:"
        "医疗券与基本医保见voucher-ehcv-gba,基本医保的国际医疗服务见basic-insurance-exclusions。",
    ),
    "Yearly and lifetime limits": (
        "全年及終身限額取自一項已公布的大灣區產品;事先批核及未經批核的比例取自內地直付的公開條款。",
        "全年及终身限额取自一项已公布的大湾区产品;事先批核及未经批核的比例取自内地直付的公开条款。",
    ),
    "No insurer's own service level": (
        "沒有找到保險公司就擔保函所訂的服務水平;一小時是本平台的假設,各安裝單位可自行訂明。",
        "没有找到保险公司就担保函所订的服务水平;一小时是本平台的假设,各安装单位可自行订明。",
    ),
    "Neither the list of items": (
        "目錄及機構名單均未能取得,因此需要名單的項目由人手決定。2026年2月底的153個品種中,藥品66個,醫療器械87個。",
        "目录及机构名单均未能取得,因此需要名单的项目由人工决定。2026年2月底的153个品种中,药品66个,医疗器械87个。",
    ),
    "The scale is that": (
        "比例取自自願醫保計劃;每次住院限額是雙重保障參考情境中第二保險公司的保障表。",
        "比例取自自愿医保计划;每次住院限额是双重保障参考情境中第二保险公司的保障表。",
    ),
    "Whether the service is still offered": (
        "沒有找到此服務在2026年是否仍然提供,以及免息期後的信用收費。",
        "没有找到此服务在2026年是否仍然提供,以及免息期后的信用收费。",
    ),
    "No text of the pilot": (
        "沒有找到試點文件訂明保險公司等候文件的時間或提醒的次數:各數字均為假設。保險公司可就每次要求另訂到期日。"
        "逾期不會因此拒賠,只會通知人員。",
        "没有找到试点文件订明保险公司等候文件的时间或提醒的次数:各数字均为假设。保险公司可就每次要求另订到期日。"
        "逾期不会因此拒赔,只会通知人员。",
    ),
    "One of two readings of the same page: the ratios": (
        "同一頁有兩種理解,此為其一:按新比例,舊限額不再適用。該頁指每月限額已提高而沒有數字;"
        "在此填入數字及日期之前,不套用限額。另一種理解見jiangmen-seed-caps。採用哪一種屬假設,由醫院的合約訂明方案。",
        "同一页有两种理解,此为其一:按新比例,旧限额不再适用。该页指每月限额已提高而没有数字;"
        "在此填入数字及日期之前,不套用限额。另一种理解见jiangmen-seed-caps。采用哪一种属假设,由医院的合约订明方案。",
    ),
    "One of two readings of the same page: the limits": (
        "同一頁有兩種理解,此為其一:25元、300元及50元的限額與提高後的比例並行。另一種理解見jiangmen-pool-2022。"
        "採用哪一種屬假設,由醫院的合約訂明方案。",
        "同一页有两种理解,此为其一:25元、300元及50元的限额与提高后的比例并行。另一种理解见jiangmen-pool-2022。"
        "采用哪一种属假设,由医院的合约订明方案。",
    ),
    "Limits and co-payment": (
        "限額及自付費取自人民幣報銷的參考情境;情境沒有訂明的全年次數按產品條款。",
        "限额及自付费取自人民币报销的参考情境;情境没有订明的全年次数按产品条款。",
    ),
    "No rule text of the Greater Bay Area": (
        "沒有找到大灣區保險通的規則文本;除報章所載外,此處內容均為假設。"
        "每日向本人匯款人民幣80,000元的上限不適用於付款,故不列入。",
        "没有找到大湾区保险通的规则文本;除报章所载外,此处内容均为假设。"
        "每日向本人汇款人民币80,000元的上限不适用于付款,故不列入。",
    ),
    "own_rules means": (
        "own_rules指按付款方本身的方案決定,與其他就診相同;unknown指沒有資料來源說明,由人手決定。病人可隨時自費。",
        "own_rules指按付款方本身的方案决定,与其他就诊相同;unknown指没有资料来源说明,由人工决定。病人可随时自费。",
    ),
    "Money goes back to the tender": (
        "款項退回原付款方式,不超過所付金額;此處訂明一張帳單有多種付款方式時的次序。同一方式以最近一次付款為先。",
        "款项退回原付款方式,不超过所付金额;此处订明一张账单有多种付款方式时的次序。同一方式以最近一次付款为先。",
    ),
    "Amounts are those of the published": (
        "金額取自已公布的標準計劃;免賠額、共同保險及擔保條款取自產品,其次序為假設。",
        "金额取自已公布的标准计划;免赔额、共同保险及担保条款取自产品,其次序为假设。",
    ),
    "The conversion rate is given": (
        "兌換率由醫健通(資助)系統就每次申報提供,並在紀錄中固定。",
        "兑换率由医健通(资助)系统就每次申报提供,并在纪录中固定。",
    ),
    "No published product is known": (
        "未知有已公布的產品承保這些項目;各數字均為虛構,以便示範及測試。",
        "未知有已公布的产品承保这些项目;各数字均为虚构,以便演示及测试。",
    ),
    "No bank's terms for files": (
        "資料來源沒有銀行就批量檔案或單筆付款的條款,亦沒有說明保險公司可否使用跨境支付通付款;次序、金額、用途及截止時間均為虛構。"
        "跨境支付通的限額及CIPS的時間與payout-rails相同。只在設定payout_rails_plan指明時使用。",
        "资料来源没有银行就批量文件或单笔付款的条款,也没有说明保险公司可否使用跨境支付通付款;次序、金额、用途及截止时间均为虚构。"
        "跨境支付通的限额及CIPS的时间与payout-rails相同。只在设定payout_rails_plan指明时使用。",
    ),
    "No terms of a Macao insurer": (
        "資料來源沒有澳門保險公司的條款;各數字均為虛構。",
        "资料来源没有澳门保险公司的条款;各数字均为虚构。",
    ),
}
"""By the words that an introduction begins with."""
_OWNERS: dict[str, tuple[str, str]] = {
    "Hospital's transfer desk": ("醫院轉運部門", "医院转运部门"),
    "National Healthcare Security Administration": ("國家醫療保障局", "国家医疗保障局"),
    "Binzhou Healthcare Security Administration": ("濱州市醫療保障局", "滨州市医疗保障局"),
    "Operator of the platform": ("平台營運者", "平台运营者"),
    "Data protection officer of the platform": ("平台資料保護主任", "平台数据保护负责人"),
    "Dongguan Healthcare Security Administration": ("東莞市醫療保障局", "东莞市医疗保障局"),
    "Guangdong Healthcare Security Administration": ("廣東省醫療保障局", "广东省医疗保障局"),
    "Insurer's product owner": ("保險公司產品負責人", "保险公司产品负责人"),
    "Guangdong Medical Products Administration": (
        "廣東省藥品監督管理局",
        "广东省药品监督管理局",
    ),
    "Health Commission of Guangdong Province": ("廣東省衛生健康委員會", "广东省卫生健康委员会"),
    "Jiangmen Healthcare Security Administration": ("江門市醫療保障局", "江门市医疗保障局"),
    "Jinan Healthcare Security Administration": ("濟南市醫療保障局", "济南市医疗保障局"),
    "Qingdao Healthcare Security Administration": ("青島市醫療保障局", "青岛市医疗保障局"),
    "Shandong Healthcare Security Administration": ("山東省醫療保障局", "山东省医疗保障局"),
    "Department of Health, Hong Kong": ("香港衞生署", "香港卫生署"),
    "Weifang Healthcare Security Administration": ("濰坊市醫療保障局", "潍坊市医疗保障局"),
    "Demonstration": ("示範", "演示"),
}


def introduced(note: str) -> Sentence:
    known = next((two for begins, two in _CHINESE.items() if note.startswith(begins)), None)
    return plain(note) if known is None else Sentence(en=note, zh_hant=known[0], zh_hans=known[1])


def owned(owner: str) -> Sentence:
    """Who keeps a plan up to date."""
    known = _OWNERS.get(owner)
    return plain(owner) if known is None else Sentence(en=owner, zh_hant=known[0], zh_hans=known[1])
