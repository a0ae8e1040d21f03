"""Types with a name of their own."""

from typing import Literal, Union

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
