"""The two directions through their public doors."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

import intents
from intents import language


def kinds(text: str) -> list[str]:
    return [i.kind for i in intents.route(text, exists=lambda p: False)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("export", ["export"]),
        ("导出", ["export"]),
        ("credits", ["credits"]),
        ("余额", ["credits"]),
        ("status", ["status"]),
        ("上传", ["upload"]),
        ("make it rounder", ["sse"]),
        ("make it rounder and then export", ["sse", "export"]),
    ],
)
def test_the_seed_words_are_understood(text: str, expected: list[str]) -> None:
    assert kinds(text) == expected


def test_an_instruction_becomes_an_action_and_the_content_stays() -> None:
    said = intents.translate("Your avatar is ready. Click the Export button.")
    assert said.actions == ("export",)
    assert said.text == "Your avatar is ready."


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("make it round", "en"),
        ("把标题放大", "zh-CN"),
        ("把標題放大", "zh-TW"),
        ("もっと丸く", "ja"),
        ("둥글게", "ko"),
    ],
)
def test_the_language_is_told_by_script(text: str, tag: str) -> None:
    assert language.detect(text) == tag


def test_the_module_speaks_json_lines() -> None:
    given = '{"id": "a", "text": "export"}\n{"id": "b", "text": "/x/a.png", "files": ["/x/a.png"]}\n'
    done = subprocess.run(
        [sys.executable, "-m", "intents", "route"], input=given, capture_output=True, text=True, check=True
    )
    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        {"id": "a", "intents": ["export"]},
        {"id": "b", "intents": ["upload"]},
    ]
