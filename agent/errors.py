"""The error tree, grouped by what the caller can do next; the exit code sits on the class.

    AvatarError
    ├── TurnFailed 1        SessionGone (1002), RenderFailed, NothingToExport
    ├── UsageError 2        ConfigError, SkillError, FormatUnsupported, StudioMissing
    ├── NotSignedIn 3       (1001)
    ├── PaymentNeeded 4     CreditsExhausted (2001), PlanRequired (402)
    ├── InputFileError 5    FileMissing, FileUnsupported (4001), FileTooLarge (4002), FileCorrupt
    ├── OutOfReach 6        Unreachable, NotTheService, TimedOut, Dropped, PortTaken
    ├── RateLimited 7       (429)
    ├── LocalFileError 8    the local file system: read-only, full
    └── Cancelled 130

An error carries the catalogue key of its sentence and the values to fill in, so that each renderer
says it in the user's language; `code` is the backend's code, else the HTTP status, else None.
"""

from __future__ import annotations

from typing import ClassVar


class AvatarError(Exception):
    """Something the user is told in one sentence, with a hint what to do.

    `key` names the sentence `error.<key>` in the catalogue and the hint `hint.<key>` (which may be absent);
    `values` fill both. `detail` is what the backend or system said, cleaned before it is shown.
    """

    kind: ClassVar[str] = "failed"
    exit_code: ClassVar[int] = 1
    default_key: ClassVar[str] = "failed"

    def __init__(
        self, key: str | None = None, *, code: int | None = None, detail: str = "", **values: object
    ) -> None:
        self.key = key or self.default_key
        self.code = code
        self.detail = detail
        self.values: dict[str, object] = {"detail": detail, **values}
        super().__init__(f"{self.key}: {detail}" if detail else self.key)


class TurnFailed(AvatarError):
    """The turn ended without doing what was asked; the conversation goes on."""


class SessionGone(TurnFailed):
    """1002: the session is unknown to the backend; its timeline is gone."""

    kind = default_key = "session_gone"


class RenderFailed(TurnFailed):
    kind = default_key = "render_failed"


class NothingToExport(TurnFailed):
    kind = default_key = "nothing_to_export"


class UsageError(AvatarError):
    """The command line or the configuration is to be changed."""

    kind = default_key = "usage"
    exit_code = 2


class ConfigError(UsageError):
    kind = default_key = "config"


class SkillError(UsageError):
    """The skill file cannot be read: values `path`, `detail`."""

    kind = default_key = "skill"


class FormatUnsupported(UsageError):
    """The backend does not make this format: values `format`, `formats`."""

    kind = default_key = "format_unsupported"


class StudioMissing(UsageError):
    """The `studio` extra is not installed."""

    kind = default_key = "studio_missing"


class NotSignedIn(AvatarError):
    """1001: the token is refused; keys `not_signed_in`, `own_token_refused`, `token_wait` (value `until`)."""

    kind = default_key = "not_signed_in"
    exit_code = 3


class PaymentNeeded(AvatarError):
    kind = default_key = "payment_needed"
    exit_code = 4


class CreditsExhausted(PaymentNeeded):
    """2001; keys `credits_anonymous` (value `url`) and `credits_registered`."""

    kind = "credits_exhausted"
    default_key = "credits_registered"


class PlanRequired(PaymentNeeded):
    """402: export is not in this plan."""

    kind = default_key = "plan_required"


class InputFileError(AvatarError):
    """A file the user gave: value `file`."""

    kind = default_key = "input_file"
    exit_code = 5


class FileMissing(InputFileError):
    """Keys `file_missing`, `file_is_folder`, `file_unreadable`."""

    kind = default_key = "file_missing"


class FileUnsupported(InputFileError):
    """4001: values `file`, `types`; key `heic` where a converter is missing."""

    kind = default_key = "file_unsupported"


class FileTooLarge(InputFileError):
    """4002: values `file`, `size`, `limit`."""

    kind = default_key = "file_too_large"


class FileCorrupt(InputFileError):
    """Keys `file_empty`, `file_corrupt`, `file_mislabelled`."""

    kind = default_key = "file_corrupt"


class OutOfReach(AvatarError):
    kind = default_key = "unreachable"
    exit_code = 6


class Unreachable(OutOfReach):
    """No connection or no answer: value `url`."""


class NotTheService(OutOfReach):
    """Something else answers at this address, an HTML page for instance: value `url`."""

    kind = default_key = "not_the_service"


class TimedOut(OutOfReach):
    kind = default_key = "timed_out"


class Dropped(OutOfReach):
    """The stream broke off and no change was found; sending again is the user's decision."""

    kind = default_key = "dropped"


class PortTaken(OutOfReach):
    """Value `port`."""

    kind = default_key = "port_taken"


class RateLimited(AvatarError):
    """429: value `seconds`."""

    kind = default_key = "rate_limited"
    exit_code = 7

    def __init__(
        self, key: str | None = None, *, seconds: float = 30.0, code: int | None = 429, detail: str = ""
    ) -> None:
        super().__init__(key, code=code, detail=detail, seconds=round(seconds))
        self.seconds = seconds


class LocalFileError(AvatarError):
    """Writing failed: keys `output_read_only`, `disk_full`, `output_is_folder`, `local_file`; a `path`."""

    kind = default_key = "local_file"
    exit_code = 8


class Cancelled(AvatarError):
    kind = default_key = "cancelled"
    exit_code = 130
