"""The sentences of documents that are not taken."""

from __future__ import annotations

DOCUMENT_TEXTS: dict[str, tuple[str, str, str]] = {
    "DOCUMENT_EMPTY": ("The document is empty.", "文件沒有內容。", "文件没有内容。"),
    "DOCUMENT_DIGEST": (
        "The document's bytes are not those of its Content-Digest; send it again.",
        "文件內容與 Content-Digest 不符，請重新傳送。",
        "文件内容与 Content-Digest 不符，请重新发送。",
    ),
    "DOCUMENT_CONTENT": (
        "The document's bytes are not of the type that its header says.",
        "文件內容與標頭所述的類型不符。",
        "文件内容与标头所述的类型不符。",
    ),
    "DOCUMENT_DAMAGED": (
        "The document cannot be read to its end; save it anew and send it again.",
        "文件無法完整讀取；請重新儲存後再傳送。",
        "文件无法完整读取；请重新保存后再发送。",
    ),
    "DOCUMENT_LOCKED": (
        "The document is under a password; send it without one.",
        "文件設有密碼；請移除密碼後再傳送。",
        "文件设有密码；请移除密码后再发送。",
    ),
    "DOCUMENT_MALWARE": (
        "A scanner found malware in the document; nothing of it was kept.",
        "掃描發現文件含惡意程式；沒有保存任何內容。",
        "扫描发现文件含恶意程序；没有保存任何内容。",
    ),
    "DOCUMENT_ACTIVE": (
        "The document would run, open or carry something else (a script, an action, an embedded "
        "file, an entity or a path); print it to a plain file and send that.",
        "文件含可執行或附帶的內容（指令碼、動作、內嵌檔案、實體或路徑）；請列印成普通檔案再傳送。",
        "文件含可执行或附带的内容（脚本、动作、内嵌文件、实体或路径）；请打印成普通文件再发送。",
    ),
    "DOCUMENT_BOMB": (
        "Unpacked the document is too large; send it in a smaller resolution or in parts.",
        "文件解壓後過大；請降低解析度或分開傳送。",
        "文件解压后过大；请降低分辨率或分开发送。",
    ),
    "UPLOAD_ABSENT": (
        "Nothing lies at the upload's address yet; send the file there first.",
        "上載位址尚無檔案；請先將檔案傳送到該處。",
        "上传地址尚无文件；请先将文件发送到该处。",
    ),
    "UPLOAD_SIZE": (
        "The file at the upload's address is not of the size that was stated.",
        "上載的檔案大小與所述不符。",
        "上传的文件大小与所述不符。",
    ),
    "UPLOAD_DIGEST": (
        "The file at the upload's address has not the SHA-256 that was stated.",
        "上載的檔案的 SHA-256 與所述不符。",
        "上传的文件的 SHA-256 与所述不符。",
    ),
    "UPLOAD_OVER": (
        "This upload was not finished in time; begin a new one.",
        "此上載未有在期限內完成；請重新開始。",
        "此上传未在期限内完成；请重新开始。",
    ),
    "UPLOAD_TYPE": (
        "Documents of this type are not taken.",
        "不接受此類型的文件。",
        "不接受此类型的文件。",
    ),
    "UPLOAD_TOO_LARGE": (
        "A document has at most {limit} bytes and at least one.",
        "文件大小須為 1 至 {limit} 位元組。",
        "文件大小须为 1 至 {limit} 字节。",
    ),
    "UPLOAD_STATED": (
        "State name, content_type, size and sha256 (64 lower-case hex digits) of the file.",
        "請提供檔案的 name、content_type、size 及 sha256（64 位小寫十六進制）。",
        "请提供文件的 name、content_type、size 及 sha256（64 位小写十六进制）。",
    ),
}
