"""Where a file name may begin in a run of Chinese: no space parts a name from the words before it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from intents.normalize import simplify

HAN = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_TRIES = 20
_BEGIN = re.compile(f"(?<=[{HAN}])[^\\s]")
_LEAD = re.compile(
    "[^/.]{0,12}?(?:导出|汇出|保存|储存|存储|输出|下载|另存|存|放|写)[^/.]{0,8}?[到至为成在]"
    "|(?:请|就|帮我|给我|我想|我要|想|麻烦|直接|先|再|然后|并|都|一起|它|头像|视频|图片|照片|文件|背景|音乐)*"
    "(?:使用|用|把|将|拿|从|在|上传|导入|汇入|打开|加载|载入|加上|导出|汇出|保存|输出|下载|(?:换|改|变|做|设|存|导)(?:成|为))+"
)
_ABSOLUTE = re.compile(r"/[A-Za-z0-9_.-]+/")


def lead(run: str) -> int:
    """How many characters of verbs and the like stand before the name ("用", "导出到")."""
    found = _LEAD.match(simplify(run))
    return found.end() if found else 0


def openings(run: str, end: int) -> Iterator[int]:
    """The places where a name may begin in `run` after its first character, the longest name first."""
    for tries, match in enumerate(_BEGIN.finditer(run, 1, end)):
        if tries == _TRIES:
            return
        yield match.start()


def rooted(run: str) -> int:
    """Where an absolute path begins in a run of Chinese ("把/a/b.png"); -1 for a relative one or none."""
    slash = run.find("/")
    if slash < 1 or not re.match(f"[{HAN}]", run[slash - 1]):
        return -1
    return slash if lead(run) >= slash or _ABSOLUTE.match(run, slash) else -1
