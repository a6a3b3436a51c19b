"""What the console says beside the pages of a document."""

from __future__ import annotations

from crossclaim.domain.story_phrase import Triple

DOCUMENT_WORDS: dict[str, Triple] = {
    "document_page": ("Page {n} of {of}", "第 {n} 頁,共 {of} 頁", "第 {n} 页,共 {of} 页"),
    "document_pages": ("The pages of the document", "文件的頁面", "文件的页面"),
    "document_drawn": (
        "Pages are drawn here. Where something seems to be missing, read the words below or"
        " download the file.",
        "頁面由本系統繪製;如內容似有缺漏,請閱讀下方文字或下載檔案。",
        "页面由本系统绘制;如内容似有缺漏,请阅读下方文字或下载文件。",
    ),
    "document_more_pages": (
        "Further pages are in the file.",
        "其餘頁面請見檔案。",
        "其余页面请见文件。",
    ),
    "document_not_drawn": (
        "The pages of this file cannot be drawn; download it to read it.",
        "無法繪製此檔案的頁面,請下載查看。",
        "无法绘制此文件的页面,请下载查看。",
    ),
}
