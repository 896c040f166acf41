"""Skill files of the family: versions as written, platforms by place, broken files by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.errors import SkillError
from agent.skill import load_skill, platform

TRY_SAYING = (
    "generate a front-facing portrait photo into a 1080p MP4",
    "generate a circular avatar icon from my photo for a profile picture",
    "creating profile avatar icons from photos for content creators, social media users, marketers",
)


def skill_md(folder: Path, *lines: str, name: str = "SKILL.md") -> Path:
    path = folder / name
    path.write_text("\n".join(["---", *lines, "---", "# The skill", "", "prose: with a colon"]), "utf-8")
    return path


@pytest.mark.parametrize(
    ("written", "version"),
    [
        ("1.10", "1.10"),
        ("1.0.0", "1.0.0"),
        ('"1.9"', "1.9"),
        ("'2.0'", "2.0"),
        ("1.10  # the tenth", "1.10"),
        ("2026-01-02", "2026-01-02"),
        ("0x10", "0x10"),
        ("1_000", "1_000"),
        ("yes", "yes"),
        ("010", "010"),
        ("1e3", "1e3"),
    ],
)
def test_the_version_is_the_text_as_written(tmp_path: Path, written: str, version: str) -> None:
    skill = load_skill(skill_md(tmp_path, "name: a-skill", f"version: {written}"))
    assert skill.headers()["X-Skill-Version"] == version


def test_any_skill_file_of_the_family_is_read_and_completed(tmp_path: Path) -> None:
    path = skill_md(tmp_path, "name: other-skill", "version: 3", "metadata: {a: [1]}", "description: x")
    skill = load_skill(path)
    assert (skill.name, skill.description) == ("other-skill", "x")
    assert skill.api_url == load_skill().api_url
    assert skill.try_saying("en") == TRY_SAYING


def test_the_shipped_skill_says_what_it_must() -> None:
    skill = load_skill()
    assert skill.name == "avatar-icon-generator"
    assert skill.try_saying("en") == TRY_SAYING
    assert len(skill.try_saying("zh-CN")) == 3
    assert skill.greeting("zh-TW") == skill.greeting("zh")
    assert skill.greeting("fr") == skill.greeting("en")
    assert skill.tips("en")
    assert skill.max_bytes == 200 * 1024**2
    assert set(skill.types) >= {"jpg", "heic"} - {"heic"}


def test_a_colon_in_an_unquoted_description_is_forgiven(tmp_path: Path) -> None:
    path = skill_md(tmp_path, "name: x", "version: 1.10", "description: It's simple: drop a photo: done")
    skill = load_skill(path)
    assert (skill.version, skill.description) == ("1.10", "It's simple: drop a photo: done")


def test_a_folder_stands_for_the_skill_file_in_it(tmp_path: Path) -> None:
    skill_md(tmp_path, "name: inside", "version: 1")
    assert load_skill(tmp_path).name == "inside"


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    path = tmp_path / "SKILL.md"
    path.write_bytes("\ufeff---\r\nname: n\r\nversion: 1.10\r\n---\r\ntext\r\n".encode())
    assert load_skill(path).version == "1.10"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"# no frontmatter\n",
        b"---\nname: x\n",
        b"---\nname: [unclosed\n---\n",
        b"---\n- a list\n---\n",
        b"---\nname: x\n---\n",
        b"---\nversion: 1\n---\n",
        b"---\nname:\nversion: 1\n---\n",
        b"---\nname: [a]\nversion: 1\n---\n",
        b'---\nname: "a\\nX-Evil: 1"\nversion: 1\n---\n',
        "---\nname: 头像\nversion: 1\n---\n".encode(),
        b"---\nname: \xff\n---\n",
        b"---\nname: x\nversion: 1\n---\n" + b"x" * 1024**2,
        b"---\nname: x\nversion: 1\nfoo: " + b"[" * 50_000 + b"\n---\n",
    ],
)
def test_a_broken_skill_file_is_named_with_what_is_wrong(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "SKILL.md"
    path.write_bytes(content)
    with pytest.raises(SkillError) as raised:
        load_skill(path)
    assert raised.value.exit_code == 2
    assert raised.value.values["path"] == str(path)
    assert raised.value.values["detail"]


@pytest.mark.parametrize("second", ["a: [", "- 1", "files: {max_bytes: many}", "files: {max_bytes: -1}"])
def test_a_broken_second_document_is_an_error(tmp_path: Path, second: str) -> None:
    path = tmp_path / "skill.yaml"
    path.write_text(f"---\nname: x\nversion: 1\n---\n{second}\n")
    with pytest.raises(SkillError):
        load_skill(path)


def test_a_missing_skill_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SkillError):
        load_skill(tmp_path / "nowhere.md")


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (".clawhub/skills/a/SKILL.md", "clawhub"),
        (".cursor/skills/a/SKILL.md", "cursor"),
        (".cursor/a/SKILL.md", "unknown"),
        (".clawhubby/SKILL.md", "unknown"),
        ("project/.clawhub/SKILL.md", "unknown"),
        ("SKILL.md", "unknown"),
    ],
)
def test_the_platform_is_told_from_the_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, expected: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert platform(tmp_path / place) == expected
    assert platform(Path("~") / place) == expected


def test_links_are_resolved_before_the_place_is_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    real = tmp_path / ".clawhub" / "a"
    real.mkdir(parents=True)
    (tmp_path / "link").symlink_to(real)
    assert platform(tmp_path / "link" / "SKILL.md") == "clawhub"
    outside = tmp_path / "elsewhere"
    outside.mkdir()
    (tmp_path / ".clawhub" / "b").symlink_to(outside)
    assert platform(tmp_path / ".clawhub" / "b" / "SKILL.md") == "unknown"


def test_a_platform_folder_that_is_itself_a_link_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    (tmp_path / "data").mkdir()
    home.mkdir()
    (home / ".clawhub").symlink_to(tmp_path / "data")
    monkeypatch.setenv("HOME", str(home))
    assert platform(home / ".clawhub" / "a" / "SKILL.md") == "clawhub"


def test_the_environment_names_the_platform_first(tmp_path: Path) -> None:
    skill = load_skill(skill_md(tmp_path, "name: a", "version: 1"))
    assert skill.headers("claude")["X-Skill-Platform"] == "claude"
    assert skill.headers("")["X-Skill-Platform"] == "unknown"
