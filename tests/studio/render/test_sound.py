"""What is heard: loudness as broadcasters measure it, loops without a seam, levels, fades, and a limiter."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.render import Output, RenderError, render
from studio.render.sound import limiter, loudness
from studio.render.sound.mix import Mix
from studio.render.sound.music import MOODS, music
from studio.render.timeline import read
from tests.studio.render import material
from tests.studio.render.material import RATE, draft, heard, segment, sine
from tests.studio.render.material import music as track

Asset = Callable[[str], Path]


def _decibels(value: float) -> float:
    return float(20 * np.log10(max(value, 1e-9)))


def test_a_full_scale_sine_on_both_sides_has_the_loudness_bs1770_gives_it() -> None:
    assert loudness.loudness([sine(997, 5, 1.0)]) == pytest.approx(0.0, abs=0.05)
    assert loudness.loudness([sine(997, 5, 0.1)]) == pytest.approx(-20.0, abs=0.05)


def test_low_tones_weigh_less_and_high_ones_more() -> None:
    assert loudness.loudness([sine(40, 5, 1.0)]) < -4
    assert loudness.loudness([sine(4000, 5, 1.0)]) == pytest.approx(3.3, abs=0.4)


def test_silence_between_is_gated_away() -> None:
    tone = sine(997, 4, 0.5)
    assert loudness.loudness([tone, np.zeros((8 * RATE, 2), np.float32)]) == pytest.approx(
        loudness.loudness([tone]), abs=0.2
    )


def test_silence_has_no_loudness() -> None:
    assert loudness.loudness([np.zeros((RATE, 2), np.float32)]) == float("-inf")
    assert loudness.loudness([]) == float("-inf")


@given(st.lists(st.integers(1, 60_000), min_size=1, max_size=6))
@settings(max_examples=20, deadline=None)
def test_loudness_does_not_depend_on_how_the_sound_is_cut(cuts: list[int]) -> None:
    whole = np.random.default_rng(1).standard_normal((sum(cuts), 2)).astype(np.float32) * np.float32(0.1)
    pieces = np.split(whole, np.cumsum(cuts)[:-1])
    assert loudness.loudness(pieces) == pytest.approx(loudness.loudness([whole]), abs=0.02)


def test_the_true_peak_lies_between_the_samples() -> None:
    t = np.arange(4800) / RATE
    wave = np.sin(2 * np.pi * RATE / 4 * t + np.pi / 4).astype(np.float32)
    sound = np.stack([wave, wave], axis=1)
    assert np.abs(sound).max() < 0.71
    assert loudness.true_peak(sound[200:-200]) == pytest.approx(1.0, abs=0.03)


@pytest.mark.parametrize("mood", MOODS)
def test_a_mood_is_long_even_and_never_clips(mood: str) -> None:
    sound = music(mood)
    assert len(sound) >= 12 * RATE
    assert np.abs(sound).max() <= 0.9 + 1e-6
    whole = loudness.loudness([sound])
    parts = [loudness.loudness([sound[i : i + 5 * RATE]]) for i in range(0, len(sound) - 5 * RATE, 3 * RATE)]
    assert max(abs(part - whole) for part in parts) < 1.5
    gain = loudness.gain_to(-14, whole)
    assert _decibels(loudness.true_peak(sound * np.float32(gain))) < -1


@pytest.mark.parametrize("mood", MOODS)
def test_a_loop_has_no_seam_and_no_gap(mood: str) -> None:
    """Across its end the sound is as smooth as it is elsewhere, and no stretch of it falls silent."""
    sound = music(mood)
    joined = np.concatenate([sound[-RATE // 2 :], sound[: RATE // 2]])[:, 0].astype(float)
    jump = np.abs(np.diff(joined, 2))
    here, usual = (
        jump[RATE // 2 - 3 : RATE // 2 + 2].max(),
        np.percentile(np.abs(np.diff(sound[:, 0].astype(float), 2)), 99.9),
    )
    assert here <= usual
    blocks = np.sqrt((sound[: len(sound) // 4800 * 4800].reshape(-1, 4800 * 2) ** 2).mean(axis=1))
    assert blocks.min() > 0.02


@pytest.mark.parametrize("mood", MOODS)
def test_a_mood_has_bass_middle_and_treble(mood: str) -> None:
    spectrum = np.abs(np.fft.rfft(music(mood)[:, 0])) ** 2
    f = np.fft.rfftfreq(len(music(mood)), 1 / RATE)
    share = [
        float(spectrum[(f >= low) & (f < high)].sum() / spectrum.sum())
        for low, high in ((30, 160), (160, 2000), (2000, 16_000))
    ]
    assert share[0] > 0.03 and share[1] > 0.15 and share[2] > 0.0005


def test_another_seed_is_another_tune() -> None:
    assert not np.array_equal(music("upbeat", 0), music("upbeat", 7))


@pytest.mark.parametrize("mood", MOODS)
def test_music_is_brought_to_minus_14_lufs_and_minus_1_db(mood: str, asset: Asset) -> None:
    sound = _mixed(
        draft(segment(9000), tracks=(track(9000, f"music:{mood}", volume=1, fade_in=500, fade_out=1000),)),
        asset,
    )
    assert loudness.loudness([sound]) == pytest.approx(-14, abs=0.3)
    assert _decibels(loudness.true_peak(sound)) <= -1


def test_volume_scales_linearly(asset: Asset) -> None:
    full, half = (
        _mixed(draft(segment(3000), tracks=(track(3000, volume=volume),)), asset) for volume in (0.8, 0.4)
    )
    assert np.allclose(full * 0.5, half, atol=1e-5)


def test_a_volume_of_nothing_is_silence(asset: Asset) -> None:
    assert not _mixed(draft(segment(1000), tracks=(track(1000, volume=0),)), asset).any()


def test_fades_begin_and_end_in_silence(asset: Asset) -> None:
    sound = _mixed(draft(segment(4000), tracks=(track(4000, fade_in=500, fade_out=1000, volume=0.5),)), asset)
    level = np.abs(sound).reshape(-1, 4800 * 2).max(axis=1)
    assert level[0] < 0.3 * level[10:25].max() and level[-1] < 0.2 * level[10:25].max()
    assert np.abs(sound[:10]).max() < 0.01 and np.abs(sound[-10:]).max() < 0.01


def test_music_that_begins_later_is_silent_before(asset: Asset) -> None:
    sound = _mixed(draft(segment(3000), tracks=(track(1000, start=1500),)), asset)
    assert not sound[: round(1.49 * RATE)].any() and sound[2 * RATE : round(2.4 * RATE)].any()
    assert not sound[round(2.55 * RATE) :].any()


def test_an_uploaded_song_is_brought_to_the_same_loudness(tmp_path: Path) -> None:
    for level in (0.05, 0.9):
        path = material.save_sound(tmp_path / f"{level}.wav", sine(440, 4, level))
        sound = _mixed(
            draft(segment(4000), tracks=(track(4000, "song", volume=1),)),
            material.assets(photo=path, song=path),
        )
        assert loudness.loudness([sound]) == pytest.approx(-14, abs=0.3)


def test_a_short_song_goes_round_without_a_click(tmp_path: Path) -> None:
    path = material.save_sound(tmp_path / "a.wav", sine(330.4, 2.5))
    sound = _mixed(
        draft(segment(9000), tracks=(track(9000, "song", volume=1),)), material.assets(photo=path, song=path)
    )
    wave = sound[RATE // 10 : -RATE // 10, 0].astype(float)
    assert np.abs(np.diff(wave, 2)).max() < 0.002
    blocks = np.sqrt((wave[: len(wave) // 2400 * 2400].reshape(-1, 2400) ** 2).mean(axis=1))
    assert blocks.min() > 0.35 * blocks.max()


def test_two_loud_songs_are_limited_to_minus_1_db_in_the_file(tmp_path: Path) -> None:
    random = np.random.default_rng(2)
    bursts = (random.standard_normal((3 * RATE, 2)) * 0.3 * (random.random((3 * RATE, 1)) > 0.98)).astype(
        np.float32
    )
    paths = [
        material.save_sound(tmp_path / "a.wav", np.clip(bursts + sine(220, 3, 0.05), -1, 1)),
        material.save_photo(tmp_path / "b.png"),
    ]
    asset = material.assets(song=paths[0], photo=paths[1])
    render(
        draft(segment(3000), tracks=(track(3000, "song", volume=1), track(3000, "music:upbeat", volume=1))),
        tmp_path / "a.mp4", Output(), asset=asset,
    )  # fmt: skip
    assert _decibels(loudness.true_peak(heard(tmp_path / "a.mp4"))) <= -1


@given(st.integers(0, 40_000), st.floats(1.0, 6.0))
@settings(max_examples=15, deadline=None)
def test_the_limiter_holds_any_peak_down_and_leaves_quiet_sound_alone(place: int, level: float) -> None:
    sound = sine(150, 1.0, 0.3)
    sound[place : place + 40] *= np.float32(level / 0.3)
    padded = np.pad(sound, ((limiter.MARGIN, limiter.MARGIN), (0, 0)))
    out = limiter.limited(padded)
    assert out.shape == sound.shape
    assert loudness.true_peak(out) <= limiter.CEILING * 1.001
    quiet = padded * np.float32(0.1 / level)
    assert np.array_equal(limiter.limited(quiet), quiet[limiter.MARGIN : -limiter.MARGIN])


def test_the_mix_is_the_same_however_it_is_cut(asset: Asset) -> None:
    plan = read(draft(segment(3000), tracks=(track(3000, volume=1), track(3000, "music:lofi", volume=1))))
    mix = Mix(plan, asset)
    a, b = (np.concatenate(list(mix.blocks(size))) for size in (RATE, 7777))
    assert np.allclose(a, b, atol=2e-6)


@pytest.mark.parametrize("name", ["music:jazz", "music:", "music:lofi:x", "music:lofi:-1", ""])
def test_music_that_is_not_there_is_refused(name: str, asset: Asset) -> None:
    with pytest.raises(RenderError, match=r"t\[1\]\.sg\[0\]"):
        _mixed(draft(segment(100), tracks=(track(100, name),)), asset)


def test_a_mute_clip_as_music_is_refused(asset: Asset) -> None:
    with pytest.raises(RenderError, match="no sound"):
        _mixed(draft(segment(100), tracks=(track(100, "mute"),)), asset)


def test_a_photo_as_music_is_refused(asset: Asset) -> None:
    with pytest.raises(RenderError, match="known kind"):
        _mixed(draft(segment(100), tracks=(track(100, "photo"),)), asset)


def _mixed(whole: dict[str, object], asset: Asset) -> np.ndarray:
    return np.concatenate(list(Mix(read(whole), asset).blocks()))
