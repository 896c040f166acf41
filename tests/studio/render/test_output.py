"""What a caller may ask for: formats, sizes, rates, a moment; everything else is refused in words."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.render import FORMATS, Output


def test_an_empty_request_is_an_mp4_as_the_draft_is() -> None:
    assert Output.from_json({}) == Output("mp4")


def test_a_format_is_read_as_people_write_it() -> None:
    assert Output.from_json({"format": ".JPEG", "quality": "high"}).format == "jpg"


def test_size_rate_and_moment_are_taken() -> None:
    assert Output.from_json({"format": "png", "width": 512, "height": 256, "fps": 12.5, "at": 900}) == Output(
        "png", 512, 256, 12.5, 900
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"format": "exe"},
        {"format": 7},
        {"width": 15},
        {"width": 4097},
        {"height": 100.5},
        {"height": "100"},
        {"fps": 0},
        {"fps": 1000},
        {"fps": float("nan")},
        {"at": -1},
        {"at": True},
    ],
)
def test_what_is_out_of_range_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="output"):
        Output.from_json(wrong)


@given(
    st.dictionaries(
        st.sampled_from(["format", "width", "height", "fps", "at"]),
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers()),
    )
)
def test_any_request_is_read_or_refused(request_: dict[str, object]) -> None:
    try:
        output = Output.from_json(request_)
    except ValueError:
        return
    assert output.format in FORMATS


def test_importing_the_renderer_loads_nothing_heavy() -> None:
    code = "import sys, studio.render; print([m for m in ('cv2', 'av', 'numpy', 'PIL') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
