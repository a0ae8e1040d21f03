"""Encrypt a password for the SailPoint Password Management API, without a network."""

from ._errors import (
    AccountError,
    ApiError,
    Error,
    InputError,
    InvalidKeyError,
    PasswordNotTextError,
    PasswordTooLongError,
    PasswordWarning,
    PolicyConflictError,
    PolicyError,
)

try:
    from ._pwseal import (
        Api,
        ChangeRequests,
        Context,
        Dictionary,
        DigitToken,
        Finding,
        Next,
        PasswordChangeResponse,
        PasswordInfo,
        PasswordInfoAccount,
        PasswordStatus,
        Policy,
        PublicKey,
        Report,
        Request,
        StatusPoll,
        __version__,
        change_requests,
    )
except ImportError as _error:
    from ._import_failure import end_command as _end_command

    _end_command(_error)
    raise

from ._exchange import AsyncExchange, Exchange

# To import typing takes longer than all of pwseal. Type checkers know this name.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from ._types import ApiVersion


def __getattr__(name: str) -> object:
    if name == "ApiVersion":
        from . import _types

        return _types.ApiVersion
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "AccountError",
    "Api",
    "ApiError",
    "ApiVersion",
    "AsyncExchange",
    "ChangeRequests",
    "Context",
    "Dictionary",
    "DigitToken",
    "Error",
    "Exchange",
    "Finding",
    "InputError",
    "InvalidKeyError",
    "Next",
    "PasswordChangeResponse",
    "PasswordInfo",
    "PasswordInfoAccount",
    "PasswordNotTextError",
    "PasswordStatus",
    "PasswordTooLongError",
    "PasswordWarning",
    "Policy",
    "PolicyConflictError",
    "PolicyError",
    "PublicKey",
    "Report",
    "Request",
    "StatusPoll",
    "__version__",
    "change_requests",
]
