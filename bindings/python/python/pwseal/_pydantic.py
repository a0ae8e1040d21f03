"""How pydantic reads and writes a public key."""

from typing import Any

from pydantic_core import core_schema

from ._pwseal import PublicKey


def schema() -> core_schema.CoreSchema:
    """A PublicKey, or whatever PublicKey.parse reads. In JSON it is PEM."""
    return core_schema.no_info_plain_validator_function(
        _read,
        json_schema_input_schema=core_schema.str_schema(),
        serialization=core_schema.plain_serializer_function_ser_schema(
            PublicKey.to_pem, return_schema=core_schema.str_schema(), when_used="json"
        ),
    )


def _read(value: Any) -> PublicKey:
    if isinstance(value, PublicKey):
        return value
    try:
        return PublicKey.parse(value)
    except TypeError as error:
        # What pydantic takes for a mistake in the value.
        raise ValueError(str(error)) from None
