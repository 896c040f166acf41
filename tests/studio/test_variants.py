"""Variants: a picture for each recipe and a sheet of all; the timeline stays as it was."""

from __future__ import annotations

import io

from PIL import Image

from studio.variants import with_recipe
from tests.studio.serving import Caller, StudioProcess, drawing


def test_variants_are_pictures_in_the_state_and_one_can_be_taken(
    studio: StudioProcess, caller: Caller
) -> None:
    session_id = caller.avatar()
    before = caller.draft(session_id)
    caller.say(session_id, "show me 4 versions")
    made = caller.state(session_id)["state"]["generated_media"]
    assert [one["filename"] for one in made] == [
        *(f"variant-{number}.png" for number in range(1, 5)),
        "contact-sheet.png",
    ]
    assert len({one["hash"] for one in made}) == 5
    assert caller.draft(session_id) == before
    sheet = Image.open(io.BytesIO(caller.http.get(made[-1]["cdn_url"]).content))
    assert sheet.size == (made[-1]["width"], made[-1]["height"])
    caller.say(session_id, "the third one")
    assert caller.draft(session_id) != before
    caller.say(session_id, "show me 2 versions")
    again = caller.state(session_id)["state"]["generated_media"]
    assert len(again) == 3
    for one in made:
        if one["hash"] not in {other["hash"] for other in again}:
            assert not (studio.data / "objects" / one["hash"][:2] / one["hash"]).exists()


def test_a_recipe_changes_portraits_alone() -> None:
    draft = drawing()
    assert with_recipe(draft, {"shape": "star"}) == draft
    draft["t"][0]["sg"][0]["m"]["kind"] = "avatar"
    made = with_recipe(draft, {"shape": "star"})
    assert made["t"][0]["sg"][0]["m"]["avatar"] == {"shape": "star"}
    assert "avatar" not in draft["t"][0]["sg"][0]["m"]
