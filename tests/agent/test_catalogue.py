"""All languages say everything, with the same values, and every error has its words."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path
from types import ModuleType

import pytest

from agent import errors
from agent.catalogue import explain, has, interface_language, message
from agent.errors import AvatarError
from agent.messages import en, zh, zh_tw

AGENT = Path(errors.__file__).parent


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def error_classes() -> list[type[AvatarError]]:
    found, queue = [], [AvatarError]
    while queue:
        kind = queue.pop()
        found.append(kind)
        queue += kind.__subclasses__()
    return found


def keys_in_code() -> set[str]:
    """Every literal first argument of an exception raised in the package."""
    names = {kind.__name__ for kind in error_classes()} | {"AvatarError", "kind", "error"}
    found = set()
    for path in AGENT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
                first = node.args[0] if node.args else None
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found.add(first.value)
    return found


def said_in_code() -> set[str]:
    found = set()
    for path in AGENT.rglob("*.py"):
        text = path.read_text("utf-8")
        found |= set(re.findall(r"\.said\(\s*\"([a-z_.]+)\"", text))
        found |= set(re.findall(r"message\(\s*[\w.]+,\s*\"([a-z_.]+)\"", text))
    return found


@pytest.mark.parametrize("other", [zh, zh_tw])
def test_all_languages_have_the_same_sentences(other: ModuleType) -> None:
    assert list(en.MESSAGES) == list(other.MESSAGES)


@pytest.mark.parametrize("key", sorted(en.MESSAGES))
def test_a_sentence_takes_the_same_values_in_all_languages(key: str) -> None:
    wanted = placeholders(en.MESSAGES[key])
    assert [placeholders(other.MESSAGES[key]) for other in (zh, zh_tw)] == [wanted, wanted]


@pytest.mark.parametrize("other", [zh, zh_tw])
def test_chinese_sentences_are_chinese(other: ModuleType) -> None:
    wordless = {key for key, text in other.MESSAGES.items() if not re.search(r"[\u4e00-\u9fff]", text)}
    plain = {key for key in wordless if re.sub(r"\{\w+\}|\W|\d", "", other.MESSAGES[key])}
    assert plain <= {"ask_yes_no", "doctor_python", "hint.batch_none"}


def test_sentences_for_taiwan_are_in_its_own_characters() -> None:
    # Big5 is Taiwan's own character set: it holds no simplified character.
    written = set("".join(zh_tw.MESSAGES.values()))
    foreign = {one for one in written if "\u4e00" <= one <= "\u9fff" and not one.encode("big5", "ignore")}
    assert foreign == set()


def test_taiwan_s_words_are_not_those_of_the_mainland() -> None:
    foreign = "文件 視頻 音頻 網絡 程序 默認 質量 積分 令牌 賬 裏 導出 保存 信息 服務器 鼠標 屏幕 打印 撤銷"
    text = "\n".join(zh_tw.MESSAGES.values())
    assert [word for word in foreign.split() if word in text] == []


def test_every_error_raised_has_its_sentence() -> None:
    missing = {key for key in keys_in_code() if not has("en", f"error.{key}")}
    assert missing == set()


def test_every_class_of_error_has_its_sentence() -> None:
    missing = {kind.default_key for kind in error_classes() if not has("en", f"error.{kind.default_key}")}
    assert missing == set()


def test_every_sentence_asked_for_exists() -> None:
    assert {key for key in said_in_code() if not has("en", key)} == set()


def test_values_from_outside_are_cleaned() -> None:
    assert "\x1b" not in message("en", "uploaded", file="a\x1b[31mred\x07.png")


def test_an_error_is_one_sentence_and_a_remedy_in_both_languages() -> None:
    error = errors.FileMissing(file="me.jpg")
    assert explain(error, "en").message == "me.jpg does not exist."
    assert explain(error, "zh-TW").message == "me.jpg 不存在。"
    assert explain(error, "en").hint
    assert explain(error, "en").kind == "file_missing"


def test_an_error_with_an_unknown_key_falls_back_to_its_class() -> None:
    assert explain(errors.PlanRequired("never_heard_of", code=402), "en").message == (
        "Export is not part of this plan."
    )


def test_an_error_without_detail_is_still_a_sentence() -> None:
    assert explain(errors.TurnFailed(), "en").message == "That did not work."


def test_a_multi_line_detail_becomes_one_line() -> None:
    assert "\n" not in explain(errors.TurnFailed(detail="a\nb\n\x1b[2Jc"), "en").message


TAGS = {
    "zh-TW": "zh_tw", "zh_tw": "zh_tw", "zh-Hant": "zh_tw", "zh-Hant-HK": "zh_tw", "zh-HK": "zh_tw",
    "ZH": "zh", "zh-CN": "zh", "zh-Hans-HK": "zh", "zh-SG": "zh", "en-GB": "en", "ja": "en", "": "en",
}  # fmt: skip


@pytest.mark.parametrize(("tag", "language"), TAGS.items())
def test_a_language_tag_finds_its_catalogue(tag: str, language: str) -> None:
    assert interface_language(tag) == language
