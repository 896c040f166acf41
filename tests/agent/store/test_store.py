"""What is remembered between runs, by two terminals at once and after a kill."""

from __future__ import annotations

import stat
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.models import OutputSpec, Session, State, Token
from agent.store import Store, client_id, slug
from agent.store.renders import RenderRecord

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "state")


def later(**how: float) -> datetime:
    return datetime.now(UTC) + timedelta(**how)


def test_nothing_is_made_before_something_is_remembered(store: Store) -> None:
    assert store.last_session("studio") is None
    assert store.known_state("s1") is None
    assert store.renders() == ()
    assert store.transcript("s1").entries() == ()
    assert not store.folder.exists()


def test_a_token_is_kept_per_backend_and_client_for_its_owner_alone(store: Store) -> None:
    token = Token("nmv_usr_1", "anon_1", later(days=7))
    store.tokens.keep("https://a:443", token, "c1")
    assert store.tokens.get("https://a:443", "c1") == token
    assert store.tokens.get("https://b:443", "c1") is None
    assert store.tokens.get("https://a:443", "c2") is None
    (path,) = (store.folder / "tokens").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("left", [timedelta(days=-1), timedelta(minutes=1)])
def test_a_token_that_has_or_is_about_to_run_out_is_not_used(store: Store, left: timedelta) -> None:
    store.tokens.keep("studio", Token("t", "u", datetime.now(UTC) + left), "c1")
    assert store.tokens.get("studio", "c1") is None


def test_a_token_without_an_expiry_is_used(store: Store) -> None:
    store.tokens.keep("studio", Token("t"), "c1")
    assert store.tokens.get("studio", "c1") == Token("t")


def test_a_token_of_the_user_s_own_is_never_written(store: Store) -> None:
    store.tokens.keep("studio", Token("mine", own=True), "c1")
    assert not store.folder.exists()


def test_the_session_used_last_is_the_last_one_of_its_backend(store: Store) -> None:
    for ident in ("s1", "s2", "s1"):
        store.keep_session("studio", Session(ident, f"t-{ident}", "u"), language="en")
    store.keep_session("hosted", Session("h1"))
    assert [note.session_id for note in store.sessions("studio")] == ["s1", "s2"]
    last = store.last_session("studio")
    assert last is not None
    assert last.session == Session("s1", "t-s1", "u")


def test_a_session_s_title_stays_until_there_is_another(store: Store) -> None:
    store.keep_session("studio", Session("s1", "t1"), language="zh-CN", title="my avatar")
    store.keep_session("studio", Session("s1"))
    (note,) = store.sessions("studio")
    assert (note.task_id, note.language, note.title) == ("t1", "zh-CN", "my avatar")


def test_only_the_newest_sessions_are_kept(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.store._SESSIONS_KEPT", 3)
    for number in range(6):
        store.keep_session("studio", Session(f"s{number}"))
        store.transcript(f"s{number}").append({"said": "hi"})
    assert [note.session_id for note in store.sessions("studio")] == ["s5", "s4", "s3"]
    assert len(list((store.folder / "transcripts").glob("*.jsonl"))) == 3


def test_a_session_is_forgotten_with_all_that_was_kept_of_it(store: Store) -> None:
    store.keep_session("studio", Session("s1"))
    store.keep_state(State("s1", "", "", {"t": []}))
    store.transcript("s1").append({"said": "hi"})
    store.forget_session("studio", "s1")
    assert store.sessions("studio") == ()
    assert store.known_state("s1") is None
    assert store.transcript("s1").entries() == ()


def test_the_known_state_comes_back_as_it_was(store: Store) -> None:
    state = State("s/../1", "t", "u", {"t": [{"tt": 0}]}, ({"filename": "我.jpg"},), ({"a": 1},))
    store.keep_state(state)
    assert store.known_state("s/../1") == state
    assert all(path.is_relative_to(store.folder) for path in store.folder.rglob("*"))


def test_a_render_is_remembered_whole_until_it_is_forgotten(store: Store) -> None:
    ident = store.reserve_render_id()
    record = RenderRecord(
        ident, "s1", "studio", "/tmp/a b.mp4", "mp4", OutputSpec("mp4", 1080, 1080), {"t": [1]}, token="t"
    )
    store.remember_render(record)
    (found,) = store.renders("studio")
    assert (found.id, found.output, found.draft, found.path) == (
        ident,
        record.output,
        record.draft,
        record.path,
    )
    assert found.created > 0
    assert "token='t'" not in repr(found)
    assert store.renders("hosted") == ()
    store.forget_render(ident)
    assert store.renders() == ()


def test_render_ids_of_many_processes_are_never_the_same(store: Store) -> None:
    program = (
        "import sys; from pathlib import Path; from agent.store import Store\n"
        "for _ in range(50): print(Store(Path(sys.argv[1])).reserve_render_id())"
    )
    command = [sys.executable, "-c", program, str(store.folder)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, text=True) for _ in range(4)]
    ids = [line for process in running for line in process.communicate()[0].split()]
    assert len(ids) == len(set(ids)) == 200
    assert all(ident.startswith("render_") and ident[7:].isdigit() for ident in ids)


def test_a_damaged_or_future_mark_does_not_stop_ids(store: Store) -> None:
    first = store.reserve_render_id()
    (store.folder / "renders" / "last_id").write_text("garbage")
    assert store.reserve_render_id() != first
    ahead = str(time.time_ns() // 1000 + 10**9)
    (store.folder / "renders" / "last_id").write_text(ahead)
    assert store.reserve_render_id() == f"render_{int(ahead) + 1}"


def test_one_process_alone_watches_a_render(store: Store) -> None:
    with store.watching("render_1") as ours:
        assert ours
        with store.watching("render_1") as others, store.watching("render_2") as another:
            assert not others
            assert another
    with store.watching("render_1") as again:
        assert again


def test_an_error_while_watching_stays_what_it_is(store: Store) -> None:
    with pytest.raises(FileNotFoundError), store.watching("render_1"):
        Path("/nowhere/at/all").read_text()


def test_a_transcript_is_private_and_in_order(store: Store) -> None:
    transcript = store.transcript("s1")
    for number in range(3):
        transcript.append({"number": number, "text": "第\u2028一 🎬\n"})
    assert [entry["number"] for entry in transcript.entries()] == [0, 1, 2]
    assert [entry["number"] for entry in transcript.entries(last=2)] == [1, 2]
    assert transcript.entries()[0]["text"] == "第\u2028一 🎬\n"
    assert stat.S_IMODE(transcript.path.stat().st_mode) == 0o600


@given(place=st.integers(0, 10_000))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_transcript_cut_at_any_byte_keeps_its_whole_lines_and_goes_on(
    tmp_path_factory: pytest.TempPathFactory, place: int
) -> None:
    transcript = Store(tmp_path_factory.mktemp("cut")).transcript("s")
    for number in range(5):
        transcript.append({"number": number, "text": "日本"})
    data = transcript.path.read_bytes()
    place %= len(data) + 1
    transcript.path.write_bytes(data[:place])
    whole = sum(1 for end in range(len(data)) if data[end : end + 1] == b"\n" and end <= place)
    transcript.append({"number": 99})
    numbers = [entry["number"] for entry in transcript.entries()]
    assert numbers == [*range(whole), 99]


def test_two_terminals_write_one_transcript_without_mixing_lines(store: Store) -> None:
    program = (
        "import sys; from pathlib import Path; from agent.store import Store\n"
        "transcript = Store(Path(sys.argv[1])).transcript('s1')\n"
        "for number in range(40): transcript.append({'who': sys.argv[2], 'text': 'x' * 5000})"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", program, str(store.folder), who], cwd=ROOT) for who in "ab"
    ]
    assert [process.wait() for process in running] == [0, 0]
    entries = store.transcript("s1").entries()
    assert [entry["who"] for entry in entries].count("a") == 40
    assert len(entries) == 80


def test_two_terminals_remember_their_sessions_side_by_side(store: Store) -> None:
    def remember(who: str) -> None:
        for number in range(15):
            store.keep_session("studio", Session(f"{who}{number}"))

    threads = [threading.Thread(target=remember, args=(who,)) for who in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.sessions("studio")) == 30


@given(content=st.binary(max_size=200))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_files_with_anything_in_them_never_stop_the_program(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    store = Store(tmp_path_factory.mktemp("damaged"))
    store.keep_session("studio", Session("s1"))
    store.keep_state(State("s1", "", "", {}))
    store.tokens.keep("studio", Token("t"), "c")
    store.remember_render(RenderRecord(store.reserve_render_id(), "s1", "studio", "p", "mp4"))
    for path in [path for path in store.folder.rglob("*") if path.is_file()]:
        path.write_bytes(content)
    store.sessions("studio")
    store.known_state("s1")
    store.tokens.get("studio", "c")
    store.renders()
    store.reserve_render_id()
    store.keep_session("studio", Session("s2"))
    last = store.last_session("studio")
    assert last is not None
    assert last.session_id == "s2"


@pytest.mark.parametrize(
    "value",
    [
        '{"session_id": 1}',
        '{"s1": {"session_id": "s1", "used": "long ago"}, "s2": 7}',
        '{"s1": {"session_id": "s1", "used": null}}',
    ],
)
def test_well_formed_nonsense_is_taken_for_nothing(store: Store, value: str) -> None:
    path = store.folder / "sessions" / f"{slug('studio')}.json"
    path.parent.mkdir(parents=True)
    path.write_text(value)
    assert len(store.sessions("studio")) <= 1
    store.keep_session("studio", Session("s9"))


def test_a_client_id_is_made_once_and_a_damaged_one_replaced(tmp_path: Path) -> None:
    path = tmp_path / "nemovideo" / "client_id"
    first = client_id(path)
    assert client_id(path) == first
    assert len(first) == 36
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.write_text("x" * 65)
    assert client_id(path) != first
    path.write_text("")
    assert len(client_id(path)) == 36


def test_another_program_s_client_id_is_taken_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "client_id"
    path.write_text("3fa85f64-5717-4562-b3fc-2c963f66afa6\n")
    assert client_id(path) == "3fa85f64-5717-4562-b3fc-2c963f66afa6"


def test_a_damaged_file_is_set_aside_with_a_word(store: Store) -> None:
    store.keep_state(State("s1", "", "", {"t": []}))
    (path,) = (store.folder / "states").iterdir()
    path.write_bytes(path.read_bytes()[:-5])
    assert store.known_state("s1") is None
    (aside,) = store.damaged
    assert aside.name.startswith(path.name)
    assert aside.exists()
    assert not path.exists()


def test_the_token_that_submitted_a_render_lies_in_a_file_of_its_own(store: Store) -> None:
    store.remember_render(
        RenderRecord("render_1", "s1", "studio", "p", "mp4", token="nmv_usr_1", user_id="u")
    )
    (note,) = store.renders()
    assert note.owner() == Token("nmv_usr_1", "u")
    folder = store.folder / "renders"
    assert "nmv_usr_1" not in (folder / "render_1.json").read_text()
    assert stat.S_IMODE((folder / "render_1.token").stat().st_mode) == 0o600
    store.forget_render("render_1")
    assert list(folder.iterdir()) == []


@given(place=st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_a_file_cut_at_any_byte_is_whole_or_set_aside(
    tmp_path_factory: pytest.TempPathFactory, place: int
) -> None:
    store = Store(tmp_path_factory.mktemp("cut"))
    state = State("s1", "t", "u", {"t": [{"tt": 0, "sg": [{"m": {"name": "我"}}]}]})
    store.keep_state(state)
    (path,) = (store.folder / "states").iterdir()
    data = path.read_bytes()
    path.write_bytes(data[: place % (len(data) + 1)])
    if store.known_state("s1") != state:
        assert [aside.exists() for aside in store.damaged] == [True]
        assert store.known_state("s1") is None
        assert len(store.damaged) == 1
