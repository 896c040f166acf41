"""A stretch of time to be left over: trim it to seconds 5 to 12."""

from __future__ import annotations

from studio.brain.reading import Reading
from studio.brain.tokens import Clause
from studio.edits import Trim
from studio.edits.tracks import length


def stretch(c: Clause, r: Reading) -> bool:
    """Trim it to seconds 5 to 12: only that stretch is left."""
    token = c.first("span")
    if token is None or not r.video or c.targets("title", "music", "photo"):
        return False
    start, end = token.get("span")
    taken_out = any(t.has("v", "remove") and not t.has("v", "shorten") for t in c.before(token))
    kept = any(t.has("v", "shorten", "keep", "to") or t.text in ("to", "use") for t in c.before(token))
    if not (kept or c.has("rel", "only") or r.kinds == {"clip"}):
        return False
    if taken_out and not kept:
        return False
    c.use(token)
    c.use_all(("v", "t", "rel", "when"))
    return r.do(Trim(head=start, tail=max(0.0, length(r.now) - end)))
