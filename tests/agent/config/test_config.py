"""Flag before environment before file before skill.yaml, and where each value came from."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from agent.config import Settings, resolve, rows, set_value
from agent.errors import ConfigError, LocalFileError


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_a_flag_beats_the_environment_and_the_environment_the_file() -> None:
    set_value(resolve({}, environ={}), "language", "zh-TW")
    assert resolve({}, environ={}).language == "zh-TW"
    assert resolve({}, environ={"AVATAR_LANGUAGE": "zh-CN"}).language == "zh-CN"
    settings = resolve({"language": "en"}, environ={"AVATAR_LANGUAGE": "zh-CN"})
    assert (settings.language, settings.origins["language"]) == ("en", "flag")


def test_every_value_tells_where_it_comes_from() -> None:
    set_value(resolve({}, environ={}), "idle_timeout", "30")
    settings = resolve({"yes": True}, environ={"AVATAR_POLL_SECONDS": "2"})
    found = {key: (value, origin) for key, value, origin in rows(settings)}
    assert found["yes"] == ("yes", "flag")
    assert found["poll_seconds"] == ("2", "env AVATAR_POLL_SECONDS")
    assert found["idle_timeout"] == ("30", "file")
    assert found["api_url"] == ("https://mega-api-prod.nemovideo.ai", "skill")
    assert found["heartbeat_seconds"] == ("120", "default")


@pytest.mark.parametrize(
    ("flags", "environ", "backend"),
    [
        ({}, {}, "studio"),
        ({}, {"NEMO_TOKEN": "nmv_usr_1"}, "hosted"),
        ({}, {"NEMO_API_URL": "http://127.0.0.1:9"}, "hosted"),
        ({}, {"NEMO_TOKEN": " "}, "studio"),
        ({}, {"NEMO_TOKEN": "nmv_usr_1", "AVATAR_BACKEND": "studio"}, "studio"),
        ({"backend": "hosted"}, {"AVATAR_BACKEND": "studio"}, "hosted"),
        ({"backend": "http://10.0.0.1:80/"}, {}, "http://10.0.0.1:80"),
    ],
)
def test_the_backend_is_the_studio_unless_something_says_otherwise(
    flags: dict[str, object], environ: dict[str, str], backend: str
) -> None:
    assert resolve(flags, environ=environ).backend == backend


@pytest.mark.parametrize(
    ("environ", "word"),
    [
        ({"AVATAR_BACKEND": "nowhere"}, "nowhere"),
        ({"NEMO_API_URL": "ftp://x"}, "ftp://x"),
        ({"NEMO_API_URL": "https://user:pass@host"}, "NEMO_API_URL"),
        ({"NEMO_API_URL": "https://host:99999999"}, "NEMO_API_URL"),
        ({"AVATAR_POLL_SECONDS": "soon"}, "soon"),
        ({"AVATAR_POLL_SECONDS": "0"}, "AVATAR_POLL_SECONDS"),
        ({"AVATAR_IDLE_TIMEOUT": "nan"}, "nan"),
        ({"AVATAR_LANGUAGE": "klingon"}, "klingon"),
        ({"NEMO_CLIENT_ID": "x" * 65}, "NEMO_CLIENT_ID"),
        ({"SKILL_SOURCE": "a\nb"}, "SKILL_SOURCE"),
        ({"SKILL_SOURCE": "über"}, "SKILL_SOURCE"),
    ],
)
def test_a_bad_value_is_named_with_what_was_expected(environ: dict[str, str], word: str) -> None:
    with pytest.raises(ConfigError) as raised:
        resolve({}, environ=environ)
    assert raised.value.exit_code == 2
    assert any(word in str(value) for value in raised.value.values.values())


def test_a_secret_is_neither_shown_nor_repeated_in_an_error() -> None:
    settings = resolve({}, environ={"NEMO_TOKEN": "nmv_usr_0123456789abcdef"})
    shown = {key: value for key, value, _ in rows(settings)}
    assert shown["token"] == "••••••••cdef"
    assert "nmv_usr" not in repr(settings)
    with pytest.raises(ConfigError) as raised:
        resolve({}, environ={"NEMO_TOKEN": "nmv usr\tsecret"})
    assert "secret" not in str(raised.value.values)


def test_a_token_set_lies_in_a_file_of_its_own_for_its_owner_alone(home: Path) -> None:
    set_value(resolve({}, environ={}), "token", "nmv_usr_1")
    settings = resolve({}, environ={})
    assert (settings.token, settings.backend) == ("nmv_usr_1", "hosted")
    path = settings.config_dir / "token"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not (settings.config_dir / "config.toml").exists()
    set_value(settings, "token", "")
    assert resolve({}, environ={}).token == ""


def test_set_and_forgotten_values_survive_each_other() -> None:
    settings = resolve({}, environ={})
    set_value(settings, "output_dir", 'odd "value" \\ 图')
    set_value(settings, "language", "en")
    assert resolve({}, environ={}).output_dir == Path('odd "value" \\ 图')
    set_value(settings, "output_dir", "")
    again = resolve({}, environ={})
    assert (again.output_dir, again.language) == (Path(), "en")


@pytest.mark.parametrize("name", ["colour", "yes", "client_id"])
def test_what_cannot_be_kept_is_refused_by_name(name: str) -> None:
    with pytest.raises(ConfigError) as raised:
        set_value(resolve({}, environ={}), name, "x")
    assert raised.value.values["setting"] == name


@pytest.mark.parametrize("content", [b"language = \n", b"\xff\xfe", b"a = " + b"[" * 100_000])
def test_a_broken_config_file_is_named(content: bytes) -> None:
    folder = resolve({}, environ={}).config_dir
    folder.mkdir(parents=True)
    (folder / "config.toml").write_bytes(content)
    with pytest.raises(ConfigError) as raised:
        resolve({}, environ={})
    assert "config.toml" in str(raised.value.values["detail"])


def test_a_config_folder_that_cannot_be_made_is_a_local_error(home: Path) -> None:
    (home / ".config").write_text("a file")
    with pytest.raises(LocalFileError):
        set_value(resolve({}, environ={}), "language", "en")


def test_the_session_folder_moves_what_is_remembered(tmp_path: Path) -> None:
    settings = resolve({}, environ={"AVATAR_SESSION_DIR": str(tmp_path / "elsewhere")})
    assert settings.state_dir == tmp_path / "elsewhere"


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh-CN"),
        ({"LANG": "zh_TW.UTF-8"}, "zh-TW"),
        ({"LC_ALL": "zh_Hant_HK", "LANG": "en_US"}, "zh-TW"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "C"}, "en"),
        ({}, "en"),
    ],
)
def test_the_system_s_language_is_understood(environ: dict[str, str], language: str) -> None:
    assert resolve({}, environ=environ).system_language == language


@pytest.mark.parametrize(("value", "off"), [("1", True), ("0", True), ("", False)])
def test_no_color_follows_its_own_rule(value: str, off: bool) -> None:
    assert resolve({}, environ={"NO_COLOR": value}).no_color is off


def test_the_shared_client_id_lies_where_the_family_of_skills_looks(home: Path) -> None:
    assert resolve({}, environ={}).client_id_file == home / ".config" / "nemovideo" / "client_id"


def test_a_skill_file_of_one_s_own_says_where_it_talks(tmp_path: Path) -> None:
    path = tmp_path / "skill.yaml"
    path.write_text("---\nname: x\nversion: 1\n---\nbackend: {api_url: 'http://127.0.0.1:9/'}\n")
    settings = resolve({"skill": str(path)}, environ={})
    assert (settings.api_url, settings.origins["api_url"]) == ("http://127.0.0.1:9", "skill")
    assert settings.web_url == "https://nemovideo.com"
    assert settings.backend == "studio"


def test_flags_that_were_not_given_leave_the_defaults() -> None:
    settings = resolve({"language": None, "yes": False, "skill": None}, environ={})
    assert (settings.language, settings.yes, settings.skill_path) == ("auto", False, None)
    assert isinstance(settings, Settings)
