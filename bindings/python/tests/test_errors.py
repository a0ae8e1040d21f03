import inspect
import pickle
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pwseal
import pytest

CLASSES = [
    kind
    for kind in vars(pwseal).values()
    if inspect.isclass(kind) and issubclass(kind, Exception) and not issubclass(kind, Warning)
]


def test_there_is_one_class_above_all() -> None:
    assert pwseal.Error in CLASSES
    assert len(CLASSES) == 9
    for kind in CLASSES:
        assert issubclass(kind, pwseal.Error)
        assert kind.__module__ == "pwseal"
        assert kind.__name__ in pwseal.__all__


def test_what_is_about_a_value_is_a_value_error() -> None:
    about_no_value = {pwseal.Error, pwseal.ApiError}
    assert {kind for kind in CLASSES if not issubclass(kind, ValueError)} == about_no_value
    calls: list[Callable[[], object]] = [
        lambda: pwseal.PublicKey.parse("x"),
        lambda: pwseal.Policy(["x"]),
        lambda: pwseal.Dictionary.parse("a b"),
        lambda: pwseal.PasswordInfo.from_json("{}"),
        lambda: pwseal.Api("v3", "acme.com"),
        lambda: pwseal.StatusPoll(0),
        lambda: pwseal.Policy([]).check(""),
    ]
    for call in calls:
        with pytest.raises(ValueError) as raised:
            call()
        assert isinstance(raised.value, pwseal.InputError)


def test_no_builtin_is_shadowed() -> None:
    import builtins

    assert not set(pwseal.__all__) & set(dir(builtins))


def test_both_lengths_are_attributes(key: pwseal.PublicKey) -> None:
    with pytest.raises(pwseal.PasswordTooLongError) as raised:
        key.encrypt("é" * 123)
    assert (raised.value.length, raised.value.max_length) == (246, 245)
    assert raised.value.index is None


def test_an_error_comes_through_a_process_pool(key: pwseal.PublicKey) -> None:
    with pytest.raises(pwseal.PasswordTooLongError) as raised:
        key.encrypt_many(["hunter2", "x" * 246])
    copy = pickle.loads(pickle.dumps(raised.value))
    assert type(copy) is pwseal.PasswordTooLongError
    assert str(copy) == str(raised.value)
    assert (copy.length, copy.max_length, copy.index) == (246, 245, 1)


def change(info_json: str, account: str) -> object:
    return pwseal.PasswordInfo.from_json(info_json).change_request("zzzz", account)


def change_in_a_pool(info_json: str, account: str) -> BaseException | None:
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(change, info_json, account).exception(timeout=60)


def fields(finding: pwseal.Finding) -> list[object]:
    names = ["rule", "outcome", "message", "found", "wanted", "attributes", "reason"]
    return [getattr(finding, name) for name in names]


def test_an_error_of_a_policy_or_an_account_comes_through_a_process_pool(
    info: pwseal.PasswordInfo, info_json: str
) -> None:
    error = change_in_a_pool(info_json, "Abby.Smith")
    assert isinstance(error, pwseal.PolicyError) and error.report is not None
    here = info.check("zzzz")
    assert str(error).startswith("the password violates the policy: passwordRepeatedChar is 3 (")
    assert error.report.has_violation and not error.report.all_passed
    assert repr(error.report) == repr(here)
    assert list(map(fields, error.report.findings)) == list(map(fields, here.findings))
    error = change_in_a_pool(info_json, "nobody")
    assert isinstance(error, pwseal.AccountError)
    assert list(error.accounts) == info.accounts


def test_every_attribute_has_a_value_before_pwseal_sets_one() -> None:
    for kind in CLASSES:
        error = kind("made in a test")
        for base in kind.__mro__[: kind.__mro__.index(Exception)]:
            for name in vars(base).get("__annotations__", {}):
                assert not getattr(error, name)
    assert pwseal.PolicyError("x").report is None


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


def test_half_a_surrogate_pair_is_an_error_wherever_it_stands(info: pwseal.PasswordInfo) -> None:
    api = pwseal.Api("v2026", "acme")
    bad = "hunter2\udc80"
    calls: dict[str, Callable[[], object]] = {
        "the tenant": lambda: pwseal.Api("v3", bad),
        "the version": lambda: pwseal.Api(bad, "acme"),  # type: ignore[arg-type]
        "the base URL": lambda: pwseal.Api.at("v3", bad),
        "the login name": lambda: api.query_password_info(bad, "b"),
        "the source's name": lambda: api.query_password_info("a", bad),
        "the bearer token": lambda: api.query_password_info("a", "b", token=bad),
        "the request id": lambda: api.password_change_status(bad),
        "the user id": lambda: api.generate_digit_token(bad),
        "the account": lambda: info.change_request("hunter2", bad),
        "the account's id": lambda: pwseal.Context(account_id=bad),
        "the account's name": lambda: pwseal.Context(display_name=bad),
        "an attribute": lambda: pwseal.Context(identity_attributes={"a": bad}),
        "the policy string at index 1": lambda: pwseal.Policy(["a", bad]),
    }
    for what, call in calls.items():
        with pytest.raises(pwseal.Error) as raised:
            call()
        assert str(raised.value) == (
            f"{what}: the text has half a surrogate pair at position 7, which UTF-8 cannot hold"
        )
        assert raised.value.__cause__ is None and raised.value.__context__ is None


def test_a_released_memoryview_says_so(key: pwseal.PublicKey) -> None:
    view = memoryview(b"hunter2")
    view.release()
    with pytest.raises(ValueError, match="released"):
        key.encrypt(view)


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
        lambda: info.change_request("x", account=secret + "\ud800"),
        lambda: pwseal.Api("v3", "acme").password_change_status("1", token=secret + "\ud800"),
        lambda: pwseal.Policy([secret + "\ud800"]),
        lambda: pwseal.Context(account_attributes={"a": secret + "\ud800"}),
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
