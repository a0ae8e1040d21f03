import inspect
import pickle
import subprocess
import sys
from collections.abc import Callable

import pwseal
import pytest

CLASSES = [
    kind for kind in vars(pwseal).values() if inspect.isclass(kind) and issubclass(kind, Exception)
]


def test_there_is_one_class_above_all() -> None:
    assert pwseal.Error in CLASSES
    assert len(CLASSES) == 7
    for kind in CLASSES:
        assert issubclass(kind, pwseal.Error)
        assert kind.__module__ == "pwseal"
        assert kind.__name__ in pwseal.__all__


def test_no_builtin_is_shadowed() -> None:
    import builtins

    assert not set(pwseal.__all__) & set(dir(builtins))


def test_both_lengths_are_attributes(key: pwseal.PublicKey) -> None:
    with pytest.raises(pwseal.MessageTooLongError) as raised:
        key.encrypt("é" * 123)
    assert (raised.value.length, raised.value.max_length) == (246, 245)
    assert raised.value.index is None


def test_an_error_comes_through_a_process_pool(key: pwseal.PublicKey) -> None:
    with pytest.raises(pwseal.MessageTooLongError) as raised:
        key.encrypt_many(["hunter2", "x" * 246])
    copy = pickle.loads(pickle.dumps(raised.value))
    assert type(copy) is pwseal.MessageTooLongError
    assert str(copy) == str(raised.value)
    assert (copy.length, copy.max_length, copy.index) == (246, 245, 1)


def test_a_second_import_has_exceptions_of_its_own() -> None:
    program = """
import sys
import pwseal
try:
    pwseal.PublicKey.parse("x")
except pwseal.Error:
    print("first")
for name in [name for name in sys.modules if name.split(".")[0] == "pwseal"]:
    del sys.modules[name]
import pwseal
for call in [
    lambda: pwseal.PublicKey.parse("x"),
    lambda: pwseal.Policy.from_dto("x"),
    lambda: pwseal.PasswordInfo.from_response(429, ""),
    lambda: pwseal.Policy(["passwordMinLength is 12"]).generate(8),
]:
    try:
        call()
    except pwseal.Error:
        print("second")
"""
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["first"] + ["second"] * 4


def test_no_error_holds_what_was_given(key: pwseal.PublicKey, info: pwseal.PasswordInfo) -> None:
    secret = "hunter2"
    calls: list[Callable[[], object]] = [
        lambda: key.encrypt(secret * 36),
        lambda: key.encrypt(secret + "\ud800"),
        lambda: key.encrypt_many([secret, secret * 36]),
        lambda: key.encrypt_many([secret, secret + "\ud800"]),
        lambda: key.encrypt_many(secret),
        lambda: key.encrypt([secret]),  # type: ignore[arg-type]
        lambda: key.encrypt(secret, wipe=True),
        lambda: info.change_request(secret * 36),
        lambda: info.change_request(secret, account="nobody"),
        lambda: info.change_request(secret[:4]),
        lambda: info.policy.check(secret + "\ud800"),
        lambda: pwseal.PublicKey.parse(secret),
        lambda: pwseal.PublicKey.from_pem(secret),
        lambda: pwseal.PasswordInfo.from_json(secret),
        lambda: pwseal.PasswordInfo.from_json({"accounts": secret}),
        lambda: pwseal.Policy.from_dto(secret),
        lambda: pwseal.Policy(secret),
        lambda: pwseal.Dictionary.parse(secret + " " + secret),
    ]
    for call in calls:
        with pytest.raises((pwseal.Error, TypeError)) as raised:
            call()
        error = raised.value
        shown = str(error) + repr(error) + repr(vars(error)) + repr(error.args)
        assert "hunt" not in shown
        assert error.__cause__ is None and error.__context__ is None
