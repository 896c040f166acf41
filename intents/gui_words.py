"""What both languages of GUI talk share: how a clause is laid flat, and what a label means."""

from __future__ import annotations

import re
from functools import lru_cache

from intents.intent import Action
from intents.normalize import fold

QUOTED = re.compile(
    '"[^"\n]*"|\u201c[^\u201d\n]*\u201d|\u300c[^\u300d\n]*\u300d|\u300e[^\u300f\n]*\u300f'
    "|\u300a[^\u300b\n]*\u300b|(?<!\\w)'[^'\n]*'(?!\\w)"
)
MARKUP = re.compile(r"\[([^\]\n]*)\]\([^)\n]*\)|[*_`#]+|^\s*>+|^\s*(?:[-+•]|\d{1,2}[.)、])\s+")
PUNCTUATION = re.compile(r"^[^\w\ue000]+|[^\w\ue000%]+$")
LONGEST = 300  # characters of a clause that can still be an instruction
MONEY_EN = r"\b(?:billing|account|credits?|subscription|balance|plan|wallet|usage|payment|top[- ]?up)\b"
TIME_EN = r"\btimeline\b"
MONEY_ZH = (
    r"(?:账户|帐户|账单|帐单|账号|帐号|会员中心|订阅|充值|余额页|积分页|积分中心|钱包"
    r"|个人中心|用量|billing|account)"
)
TIME_ZH = r"(?:时间轴|时间线|timeline|时间轨)"
EXPORT = re.compile(
    r"(?<![a-z])(?:export|download|save|render|publish)(?![a-z])|导出|下载|汇出|另存"
    r"|保存|储存|渲染|(?<![a-z])mp4(?![a-z])"
)
EXPORT_FIRST = re.compile(r"export|download|导出|汇出|下载")
UPLOAD = re.compile(
    r"(?<![a-z])(?:upload|import|add media|add files?|attach|choose file)(?![a-z])|上传"
    r"|导入|汇入|添加素材|添加文件|选择文件"
)


HAN = re.compile("[\u3400-\u9fff]")
LATIN = re.compile("[a-z]{2}")


@lru_cache(maxsize=32)
def flat(clause: str) -> tuple[str, str]:
    """The clause without Markdown and outer marks, folded; and the same with quotations blanked."""
    plain = MARKUP.sub(lambda m: m.group(1) or "", clause)
    blank = QUOTED.sub(lambda m: "\ue000" * len(m.group()), plain)
    return PUNCTUATION.sub("", fold(plain).replace("\u2019", "'")), PUNCTUATION.sub(
        "", fold(blank).replace("\u2019", "'")
    )


def target(plain: str, default: Action) -> Action:
    """The action behind the thing that is pressed."""
    if UPLOAD.search(plain) and not EXPORT_FIRST.search(plain.split("upload")[0].split("上传")[0]):
        return "upload"
    if EXPORT.search(plain):
        return "export"
    if re.search(MONEY_EN, plain) or re.search(MONEY_ZH, plain):
        return "credits"
    if (re.search(TIME_EN, plain) or re.search(TIME_ZH, plain)) and re.search(
        r"preview|play|watch|预览|播放|观看", plain
    ):
        return "summary"
    return default
