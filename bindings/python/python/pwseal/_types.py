"""What stands for an argument in the stubs."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal, Protocol, Union

# A union, as mypy understands one of several literals.
ApiVersion = Union[
    Literal["beta"],
    Literal["v3"],
    Literal["v2024"],
    Literal["v2025"],
    Literal["v2026"],
    Literal["v1"],
]
"""A version of the API."""


class HasToJson(Protocol):
    """A model of an SDK."""

    def to_json(self) -> str:
        """Its JSON."""
        ...


class HasToDict(Protocol):
    """A model of an SDK."""

    def to_dict(self) -> Mapping[str, Any]:
        """What its JSON would be."""
        ...


class Secret(Protocol):
    """A SecretStr or SecretBytes of pydantic."""

    def get_secret_value(self) -> str | bytes:
        """What it holds."""
        ...


class SecretStr(Protocol):
    """A SecretStr of pydantic."""

    def get_secret_value(self) -> str:
        """What it holds."""
        ...


class HasPublicNumbers(Protocol):
    """An RSAPublicKey of cryptography."""

    def public_numbers(self) -> Any:
        """Its modulus n and its exponent e."""
        ...


class HasPublicKey(Protocol):
    """An RSAPrivateKey of cryptography."""

    def public_key(self) -> HasPublicNumbers:
        """Its public half."""
        ...


class Headers(Protocol):
    """Headers of whatever HTTP client."""

    def items(self) -> Iterable[tuple[str | bytes, object]]:
        """Their names and values."""
        ...


class HasStatusCode(Protocol):
    """A response of requests or httpx, or the SDK's ApiResponse."""

    @property
    def status_code(self) -> int:
        """The HTTP status."""
        ...


class HasStatus(Protocol):
    """A response of urllib or http.client, or the SDK's ApiException."""

    @property
    def status(self) -> int:
        """The HTTP status."""
        ...
