"""Why a part of the system is fine or wants a look, in the region's three languages."""

from __future__ import annotations

from crossclaim.domain.story_phrase import Triple

FINE: dict[str, Triple] = {
    "queue_fine": ("workers take what comes", "工作程序即時處理", "工作程序即时处理"),
    "party_unused": (
        "nothing was asked of it in the last day",
        "過去一天沒有向其發出請求",
        "过去一天没有向其发出请求",
    ),
    "party_fine": ("it answers", "有回應", "有回应"),
    "schedule_fine": ("it runs in its turn", "按時執行", "按时执行"),
    "nothing_waits": ("nothing waits", "沒有等待的項目", "没有等待的项目"),
    "moves": ("it moves", "正在處理", "正在处理"),
    "folder_fine": ("nothing lies too long", "沒有積壓的檔案", "没有积压的文件"),
    "audit_fine": (
        "every row older than a few minutes is in the chain, and the chain's roots lie outside",
        "較早的紀錄已全部入鏈,鏈根已存於外部",
        "较早的记录已全部入链,链根已存于外部",
    ),
    "disk_fine": ("there is room", "空間充足", "空间充足"),
    "database_fine": ("within its limit", "在限額之內", "在限额之内"),
}
LOOK: dict[str, Triple] = {
    "no_worker": (
        "no worker serves the queue {queue}: start one",
        "佇列 {queue} 沒有工作程序:請啟動",
        "队列 {queue} 没有工作程序:请启动",
    ),
    "worker_silent": (
        "no worker has asked for work for {seconds} s: it may hang or be gone",
        "已 {seconds} 秒沒有工作程序取件:可能已停止",
        "已 {seconds} 秒没有工作程序取件:可能已停止",
    ),
    "backlog_old": (
        "{tasks} task(s) wait, the oldest for {seconds} s: add workers, or see what holds them up",
        "{tasks} 項工作等待中,最早已等 {seconds} 秒:請增加工作程序或查明原因",
        "{tasks} 项工作等待中,最早已等 {seconds} 秒:请增加工作程序或查明原因",
    ),
    "backlog_long": (
        "{tasks} tasks wait: add workers, or see what holds them up",
        "{tasks} 項工作等待中:請增加工作程序或查明原因",
        "{tasks} 项工作等待中:请增加工作程序或查明原因",
    ),
    "builds_differ": (
        "workers of several versions run: {builds}; if this is no roll-out, stop the old ones",
        "同時有多個版本的工作程序:{builds};如非升級中,請停止舊版本",
        "同时有多个版本的工作程序:{builds};如非升级中,请停止旧版本",
    ),
    "party_down": (
        "none of its last {calls} call(s) was answered: ask the party; what waits is tried again "
        "by itself",
        "最近 {calls} 次請求均無回應:請聯絡該機構;等待的步驟會自動重試",
        "最近 {calls} 次请求均无回应:请联系该机构;等待的步骤会自动重试",
    ),
    "party_silent": (
        "its last success was at {since}: ask the party",
        "上次成功為 {since}:請聯絡該機構",
        "上次成功为 {since}:请联系该机构",
    ),
    "party_fails": (
        "{percent} % of its calls fail: ask the party",
        "{percent}% 的請求失敗:請聯絡該機構",
        "{percent}% 的请求失败:请联系该机构",
    ),
    "party_slow": (
        "one call in a hundred takes longer than {seconds} s: ask the party",
        "每百次請求有一次超過 {seconds} 秒:請聯絡該機構",
        "每百次请求有一次超过 {seconds} 秒:请联系该机构",
    ),
    "party_unknown": (
        "{calls} call(s) have an outcome that nobody knows yet: we inquire by ourselves",
        "{calls} 次請求結果未明:系統會自動查詢",
        "{calls} 次请求结果未明:系统会自动查询",
    ),
    "schedule_paused": ("it is paused: {note}", "已暫停:{note}", "已暂停:{note}"),
    "schedule_over": (
        "it will never run again: restart a worker, which makes it anew",
        "不會再執行:請重新啟動工作程序以重建",
        "不会再执行:请重新启动工作程序以重建",
    ),
    "schedule_late": (
        "its turn was {seconds} s ago: see whether the engine is well",
        "應於 {seconds} 秒前執行:請檢查工作流程引擎",
        "应于 {seconds} 秒前执行:请检查工作流程引擎",
    ),
    "waits_long": (
        "the oldest waits for {seconds} s: see the workers of its queue",
        "最早一項已等 {seconds} 秒:請查看相關佇列的工作程序",
        "最早一项已等 {seconds} 秒:请查看相关队列的工作程序",
    ),
    "files_bad": (
        "{files} file(s) could not be read: the worklist says why",
        "{files} 個檔案無法讀取:原因見待處理事項",
        "{files} 个文件无法读取:原因见待处理事项",
    ),
    "files_lie": (
        "{files} file(s) lie here, the oldest for {seconds} s: see the worker of the bank files",
        "{files} 個檔案未處理,最早已 {seconds} 秒:請查看銀行檔案的工作程序",
        "{files} 个文件未处理,最早已 {seconds} 秒:请查看银行文件的工作程序",
    ),
    "folder_unseen": (
        "this process does not see the folder: look on the host that mounts it",
        "本程序看不到此資料夾:請到掛載它的主機查看",
        "本程序看不到此文件夹:请到挂载它的主机查看",
    ),
    "audit_unsealed": (
        "rows of the audit wait for {seconds} s to be chained: see the schedule audit-seal",
        "審計紀錄已 {seconds} 秒未入鏈:請查看排程 audit-seal",
        "审计记录已 {seconds} 秒未入链:请查看排程 audit-seal",
    ),
    "audit_unanchored": (
        "{blocks} roots of the audit do not lie outside yet: see the document store",
        "{blocks} 個鏈根未存於外部:請查看文件儲存",
        "{blocks} 个链根未存于外部:请查看文件存储",
    ),
    "not_read": ("it could not be read", "無法讀取", "无法读取"),
    "disk_full": (
        "{percent} % of the disk is free: make room",
        "磁碟只餘 {percent}%:請騰出空間",
        "磁盘只余 {percent}%:请腾出空间",
    ),
    "database_large": (
        "it holds {gib} GiB: see which tables grow",
        "已達 {gib} GiB:請查看哪些資料表在增長",
        "已达 {gib} GiB:请查看哪些数据表在增长",
    ),
}
