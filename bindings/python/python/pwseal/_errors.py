"""What pwseal raises."""

# To import typing takes longer than all of pwseal. Type checkers know this name.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from ._pwseal import PasswordInfoAccount, Report


class Error(Exception):
    """Something that pwseal cannot use: a key, a password, a policy or an answer.

    The message gives positions and lengths, and never a part of a password.
    """

    index: int | None = None
    """Of an error about one password of a batch, which one, counted from 0."""


class InvalidKeyError(Error):
    """A public key that cannot be used."""

    position: int | None = None
    """The offset in bytes of what is wrong, where it is known."""


class MessageTooLongError(Error):
    """A password that is too long for the key."""

    length: int
    """The password's length in bytes of UTF-8."""
    max_length: int
    """The longest that the key can encrypt."""


class PolicyError(Error):
    """A password that violates a policy."""

    report: "Report"
    """What the check found, rule by rule."""


class PolicyConflictError(Error):
    """A policy that no password can satisfy."""

    rules: tuple[str, ...]
    """The rules of the conflict: without any one of them there would be none."""
    length: int | None
    """The length in characters that makes them conflict, and None if every length does."""


class AccountError(Error):
    """It is not clear which account is meant."""

    accounts: "tuple[PasswordInfoAccount, ...]"
    """The accounts to choose from."""


class ApiError(Error):
    """An answer of the API that is no success, or that cannot be read.

    The message is fit for a log: what the server wrote is short and printable in it, and what
    could be a ciphertext or a token is masked.
    """

    operation: str
    """What was asked for, such as set-password."""
    status: int
    """The HTTP status."""
    detail_code: str | None
    """The API's code with more detail, such as 400.1 Bad Request Content."""
    tracking_id: str | None
    """What the vendor's support finds the request by."""
    retryable: bool
    """Whether the same request may succeed later."""
    retry_after: float | None
    """How many seconds the server wants to be left alone."""


# They are what the package pwseal exports, and tracebacks say so.
for _class in (
    Error,
    InvalidKeyError,
    MessageTooLongError,
    PolicyError,
    PolicyConflictError,
    AccountError,
    ApiError,
):
    _class.__module__ = "pwseal"
