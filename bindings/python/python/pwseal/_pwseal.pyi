from collections.abc import Iterable, Mapping
from typing import Any, Literal, Protocol, TypeAlias, final

from typing_extensions import Buffer

from ._errors import ApiError

__all__ = [
    "Api",
    "Dictionary",
    "DigitToken",
    "Finding",
    "Next",
    "PasswordChangeResponse",
    "PasswordInfo",
    "PasswordInfoAccount",
    "PasswordStatus",
    "Policy",
    "PublicKey",
    "Report",
    "Request",
    "StatusPoll",
    "run_command_line",
]

_ApiVersion: TypeAlias = Literal["beta", "v3", "v2024", "v2025", "v2026", "v1"]

class _HasToJson(Protocol):
    def to_json(self) -> str: ...

class _HasToDict(Protocol):
    def to_dict(self) -> dict[str, Any]: ...

class _Headers(Protocol):
    def items(self) -> Iterable[tuple[str, str]]: ...

_Json: TypeAlias = str | Buffer | Mapping[str, Any] | _HasToJson | _HasToDict

@final
class PublicKey:
    @staticmethod
    def parse(key: str | Buffer) -> PublicKey: ...
    @staticmethod
    def from_base64(text: str | Buffer) -> PublicKey: ...
    @staticmethod
    def from_pem(text: str | Buffer) -> PublicKey: ...
    @staticmethod
    def from_der(der: Buffer) -> PublicKey: ...
    @staticmethod
    def from_certificate(certificate: str | Buffer) -> PublicKey: ...
    @property
    def bits(self) -> int: ...
    @property
    def exponent(self) -> int: ...
    @property
    def fingerprint(self) -> str: ...
    @property
    def max_password_bytes(self) -> int: ...
    def encrypt(self, password: str | Buffer, *, wipe: bool = False) -> bytes: ...
    def encrypt_base64(self, password: str | Buffer, *, wipe: bool = False) -> str: ...
    def encrypt_many(
        self, passwords: Iterable[str | Buffer], *, wipe: bool = False
    ) -> list[bytes]: ...
    def encrypt_many_base64(
        self, passwords: Iterable[str | Buffer], *, wipe: bool = False
    ) -> list[str]: ...

@final
class Policy:
    def __new__(cls, strings: Iterable[str]) -> Policy: ...
    @staticmethod
    def from_dto(dto: _Json) -> Policy: ...
    @property
    def rules(self) -> list[str]: ...
    def merge(self, other: Policy) -> Policy: ...
    def check(
        self,
        password: str | Buffer,
        account_id: str | None = None,
        account_name: str | None = None,
        display_name: str | None = None,
        attributes: Mapping[str, str] | None = None,
        dictionary: Dictionary | str | Buffer | None = None,
    ) -> Report: ...
    def generate(self, length: int | None = None) -> str: ...

@final
class Dictionary:
    @staticmethod
    def parse(file: str | Buffer) -> Dictionary: ...
    @property
    def locale(self) -> str | None: ...
    def __len__(self) -> int: ...

@final
class Report:
    @property
    def ok(self) -> bool: ...
    @property
    def complete(self) -> bool: ...
    @property
    def findings(self) -> list[Finding]: ...
    @property
    def violations(self) -> list[Finding]: ...
    @property
    def not_checked(self) -> list[Finding]: ...
    @property
    def warnings(self) -> list[str]: ...
    def __bool__(self) -> bool: ...

@final
class Finding:
    @property
    def rule(self) -> str: ...
    @property
    def outcome(self) -> Literal["passed", "violated", "notChecked"]: ...
    @property
    def message(self) -> str: ...
    @property
    def found(self) -> int | None: ...
    @property
    def wanted(self) -> int | None: ...
    @property
    def attributes(self) -> list[str]: ...

@final
class PasswordInfo:
    @staticmethod
    def from_json(json: _Json) -> PasswordInfo: ...
    @staticmethod
    def from_response(
        status: int, body: str | Buffer, headers: _Headers | None = None
    ) -> PasswordInfo: ...
    @property
    def identity_id(self) -> str | None: ...
    @property
    def source_id(self) -> str | None: ...
    @property
    def public_key_id(self) -> str | None: ...
    @property
    def accounts(self) -> list[PasswordInfoAccount]: ...
    @property
    def key(self) -> PublicKey: ...
    @property
    def policy(self) -> Policy: ...
    def change_request(
        self,
        password: str | Buffer,
        account: str | None = None,
        check_policy: bool = True,
        *,
        wipe: bool = False,
    ) -> dict[str, str]: ...
    def change_request_json(
        self,
        password: str | Buffer,
        account: str | None = None,
        check_policy: bool = True,
        *,
        wipe: bool = False,
    ) -> str: ...

@final
class PasswordInfoAccount:
    @property
    def account_id(self) -> str | None: ...
    @property
    def account_name(self) -> str | None: ...

@final
class Api:
    def __new__(cls, tenant: str, version: _ApiVersion) -> Api: ...
    @staticmethod
    def at(base_url: str, version: _ApiVersion) -> Api: ...
    def query_password_info(
        self, user_name: str, source_name: str, *, token: str | None = None
    ) -> Request: ...
    def set_password(
        self,
        info: PasswordInfo,
        password: str | Buffer,
        account: str | None = None,
        check_policy: bool = True,
        *,
        wipe: bool = False,
        token: str | None = None,
    ) -> Request: ...
    def password_change_status(self, request_id: str, *, token: str | None = None) -> Request: ...
    def generate_digit_token(
        self,
        user_id: str,
        *,
        length: int | None = None,
        duration_minutes: int | None = None,
        token: str | None = None,
    ) -> Request: ...

@final
class Request:
    @property
    def method(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def headers(self) -> dict[str, str]: ...
    @property
    def body(self) -> bytes | None: ...

@final
class PasswordChangeResponse:
    @staticmethod
    def from_response(
        status: int, body: str | Buffer, headers: _Headers | None = None
    ) -> PasswordChangeResponse: ...
    @property
    def request_id(self) -> str | None: ...
    @property
    def state(self) -> str | None: ...

@final
class PasswordStatus:
    @staticmethod
    def from_response(
        status: int, body: str | Buffer, headers: _Headers | None = None
    ) -> PasswordStatus: ...
    @property
    def request_id(self) -> str | None: ...
    @property
    def state(self) -> str | None: ...
    @property
    def errors(self) -> list[str]: ...
    @property
    def source_ids(self) -> list[str]: ...

@final
class DigitToken:
    @staticmethod
    def from_response(
        status: int, body: str | Buffer, headers: _Headers | None = None
    ) -> DigitToken: ...
    @property
    def digit_token(self) -> str | None: ...
    @property
    def request_id(self) -> str | None: ...

@final
class StatusPoll:
    def __new__(cls, *, changes: int = 1, patience: float | None = None) -> StatusPoll: ...
    def delay(self, elapsed: float) -> float: ...
    def next(
        self, elapsed: float, status: int, body: str | Buffer, headers: _Headers | None = None
    ) -> Next: ...

@final
class Next:
    @property
    def outcome(self) -> Literal["ask_again", "finished", "failed", "refused", "timed_out"]: ...
    @property
    def after(self) -> float | None: ...
    @property
    def reasons(self) -> list[str]: ...
    @property
    def error(self) -> ApiError | None: ...

def run_command_line(args: list[str]) -> int: ...
