"""Everything has a docstring, and every example in one is run."""

import asyncio
import doctest
import inspect
from collections.abc import Iterator
from pathlib import Path

import httpx
import pwseal
import pytest
from conftest import EXAMPLES


def documented() -> Iterator[tuple[str, object]]:
    for name in sorted({*pwseal.__all__} - {"ApiVersion", "__version__"}):
        thing = getattr(pwseal, name)
        yield name, thing
        for member in vars(thing) if inspect.isclass(thing) else ():
            if not member.startswith("_"):
                yield f"{name}.{member}", getattr(thing, member)


def members() -> list[tuple[str, object]]:
    """Without the attributes of exceptions, which are plain values."""
    return [
        (name, thing)
        for name, thing in documented()
        if thing is not None and not isinstance(thing, str | int | tuple)
    ]


def your_client(request: pwseal.Request) -> httpx.Response:
    """A client and the server in one, for the examples of exchanges."""
    if "query-password-info" in request.url:
        return httpx.Response(200, content=(EXAMPLES / "password-info.json").read_bytes())
    if "set-password" in request.url:
        return httpx.Response(202, json={"requestId": "0898"})
    return httpx.Response(200, json={"state": "FINISHED"})


@pytest.mark.parametrize("name", [name for name, _ in members()])
def test_the_examples_of(name: str, key: pwseal.PublicKey, info: pwseal.PasswordInfo) -> None:
    documentation = inspect.getdoc(dict(members())[name])
    assert documentation
    globals_ = {
        "pwseal": pwseal,
        "Path": Path,
        "key": key,
        "info": info,
        "asyncio": asyncio,
        "your_client": your_client,
    }
    test = doctest.DocTestParser().get_doctest(documentation, globals_, name, None, None)
    assert doctest.DocTestRunner().run(test).failed == 0


def test_every_class_and_every_function_that_encrypts_has_an_example() -> None:
    without = {
        name
        for name, thing in members()
        if ">>> " not in (inspect.getdoc(thing) or "")
        and (inspect.isclass(thing) or "encrypt" in name or "from_" in name or "change_request" in name)
        and not (inspect.isclass(thing) and issubclass(thing, Exception))
    }
    assert without <= {
        # Their classes have the example.
        "PasswordChangeResponse.from_response",
        "PasswordStatus.from_response",
        "DigitToken.from_response",
    }
