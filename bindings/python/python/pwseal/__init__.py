"""Encrypt a password for the SailPoint Password Management API, without a network."""

from ._errors import (
    AccountError,
    ApiError,
    Error,
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
    )
except ImportError as _error:
    from ._import_failure import end_command as _end_command

    _end_command(_error)
    raise

__all__ = [
    "AccountError",
    "Api",
    "ApiError",
    "Dictionary",
    "DigitToken",
    "Error",
    "Finding",
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
]
