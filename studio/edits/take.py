"""Taking one of the versions that were shown: its recipe for every avatar on the timeline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from studio.draft import Draft
from studio.edits.base import Edit
from studio.edits.look import recipes
from studio.edits.media import Media

# What a version decides; the person's place in the frame stays.
DECIDES = ("shape", "background", "ring", "shadow", "style", "strength")


@dataclass(frozen=True, kw_only=True)
class TakeRecipe(Edit):
    """The look of a recipe; framing and face stay as they are."""

    kind: ClassVar[str] = "take_recipe"
    recipe: Mapping[str, Any] = field(default_factory=dict)

    def _run(self, draft: Draft, media: Media) -> None:
        for held in recipes(draft, None):
            held.update({key: self.recipe[key] for key in DECIDES if key in self.recipe})
