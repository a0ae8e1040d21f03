"""What pwseal raises."""

# To import typing takes longer than all of pwseal. Type checkers know this name.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from ._pwseal import PasswordInfoAccount, Report


class Error(Exception):
    """Something that pwseal cannot use: a key, a password, a policy or an answer.

    The message gives positions and lengths, and never a part of a password.

    One that pwseal did not raise, such as one of a test, has attributes that are empty, 0 or None.
    """

    index: int | None = None
    """Of an error about one password of a batch, which one, counted from 0."""
    position: int | None = None
    """Of an error in a key, a password or a dictionary, the offset in bytes of what is wrong, where it is known."""


class InputError(Error, ValueError):
    """A value that cannot be used. So are the classes below, but for ApiError.

    It is a ValueError too, as pydantic and argparse expect of what reads a value.
    """


class InvalidKeyError(InputError):
    """A public key that cannot be used."""


class PasswordTooLongError(InputError):
    """A password that is too long for the key."""

    length: int = 0
    """The password's length in bytes of UTF-8."""
    max_length: int = 0
    """The longest that the key can encrypt."""


class PasswordNotTextError(InputError):
    """A password that is not taken for text, of which nobody said that it is meant as it is.

    position is an index of characters where the password is a str with half a surrogate pair.
    """

    problem: str = ""
    """What is wrong, such as line-break."""


class PasswordWarning(UserWarning):
    """Something about a password that is no error, and that its owner may not have meant.

    It holds no part of the password. Two are equal if they say the same.
    """

    kind: str
    """A word for programs, such as trailing-white-space."""
    index: int | None = None
    """Where a filter makes an error of it in a batch, which item it is about, counted from 0."""

    def __init__(self, message: str, kind: str = "") -> None:
        super().__init__(message)
        self.kind = kind

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PasswordWarning):
            return NotImplemented
        return (self.args, self.kind) == (other.args, other.kind)

    def __hash__(self) -> int:
        return hash((self.args, self.kind))


class PolicyError(InputError):
    """A password that violates a policy."""

    report: "Report | None" = None
    """What the check found, rule by rule."""


class PolicyConflictError(InputError):
    """A policy that no password can satisfy."""

    rules: tuple[str, ...] = ()
    """The rules of the conflict: without any one of them there would be none."""
    length: int | None = None
    """The length in characters that makes them conflict, and None if every length does."""


class AccountError(InputError):
    """It is not clear which account is meant."""

    accounts: "tuple[PasswordInfoAccount, ...]" = ()
    """The accounts to choose from."""


class ApiError(Error):
    """An answer of the API that is no success, or that cannot be read.

    The message is fit for a log: what the server wrote is short and printable in it, and what
    could be a ciphertext or a token is masked.
    """

    operation: str = ""
    """What was asked for, such as set-password."""
    status: int = 0
    """The HTTP status."""
    detail_code: str | None = None
    """The API's code with more detail, such as 400.1 Bad Request Content."""
    tracking_id: str | None = None
    """What the vendor's support finds the request by."""
    messages: tuple[tuple[str | None, str], ...] = ()
    """The reasons, each with its locale, such as en-US, where the server names one.

    They are in full and as the server wrote them. Nothing is masked in them: they are for people,
    not for a log."""
    causes: tuple[tuple[str | None, str], ...] = ()
    """More detail on the reasons, in the same form, in full and not masked either."""
    retryable: bool = False
    """Whether the same request may succeed later."""
    retry_after: float | None = None
    """How many seconds the server wants to be left alone."""


# They are what the package pwseal exports, and tracebacks say so.
for _class in (
    Error,
    InputError,
    InvalidKeyError,
    PasswordTooLongError,
    PasswordNotTextError,
    PasswordWarning,
    PolicyError,
    PolicyConflictError,
    AccountError,
    ApiError,
):
    _class.__module__ = "pwseal"
