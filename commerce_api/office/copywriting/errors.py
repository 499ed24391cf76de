"""What this room refuses.

ShopError
+- NotFound
|  +- DraftUnknown      404  no such text
|  +- RunUnknown        404  no such run
+- Conflict
|  +- DraftDecided      409  the text is not waiting for a decision
|  +- DraftStale        409  the thing has changed since the text was written
+- Invalid
   +- DraftUnfit        422  the guard found something in the text
"""

from commerce_api.foundation.errors import Conflict, Invalid, NotFound


class DraftUnknown(NotFound):
    """`id`: what was asked for."""

    code = "draft_unknown"


class RunUnknown(NotFound):
    """`id`: what was asked for."""

    code = "run_unknown"


class DraftDecided(Conflict):
    """`id`, `status`: the text, and how far it is."""

    code = "draft_decided"


class DraftStale(Conflict):
    """`id`, `slug`: the text, and the thing whose facts are others now."""

    code = "draft_stale"


class DraftUnfit(Invalid):
    """`problems`: what the guard found, as `part: problem`."""

    code = "draft_unfit"
