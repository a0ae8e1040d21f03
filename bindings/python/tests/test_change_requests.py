"""Bodies for many accounts."""

import base64
import gc
import signal
import time
import warnings
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import pwseal
import pytest

Decrypt = Callable[[bytes], bytes]


def password_in(decrypt: Decrypt, result: object) -> bytes:
    assert isinstance(result, dict)
    return decrypt(base64.b64decode(result["encryptedPassword"], validate=True))


def infos(info_json: str, count: int) -> list[pwseal.PasswordInfo]:
    """So many identities of one tenant."""
    texts = (info_json.replace("2c918085744fec4301746f9a5bce4605", f"{n:032x}") for n in range(count))
    return [pwseal.PasswordInfo.from_json(text) for text in texts]


# Around the share that one thread takes and the items that are read before bodies are made.
@pytest.mark.parametrize("count", [0, 1, 64, 65, 8192, 8200])
def test_there_is_a_body_for_each_in_order(info_json: str, decrypt: Decrypt, count: int) -> None:
    all_infos = infos(info_json, min(count, 70))
    items = [(None, all_infos[n % 70], f"horse {n}") for n in range(count)]
    results = list(pwseal.change_requests(items))
    assert len(results) == count
    for number in {0, 63, 64, 8191, 8192, count - 1} & set(range(count)):
        result = results[number]
        assert isinstance(result, dict)
        assert result["identityId"] == all_infos[number % 70].identity_id
        assert password_in(decrypt, result) == f"horse {number}".encode()


def test_a_body_is_that_of_change_request(info: pwseal.PasswordInfo) -> None:
    body = info.change_request("correct horse 7")
    (of_many,) = pwseal.change_requests([(None, info, "correct horse 7")])
    (of_one,) = info.change_request_many([("Abby.Smith", "correct horse 7")])
    for result in [of_many, of_one]:
        assert isinstance(result, dict)
        assert result | {"encryptedPassword": ""} == body | {"encryptedPassword": ""}
        assert list(result) == list(body)


def test_every_error_stands_in_its_place(info: pwseal.PasswordInfo, info_json: str) -> None:
    no_key = pwseal.PasswordInfo.from_json(info_json.replace("MIIBI", "AIIBI"))
    items: list[Any] = [
        (None, info, "correct horse 7"),
        (None, info, "zzzz"),
        (None, info, "horse 7\n"),
        (None, info, ""),
        (None, info, "ab7" * 83),
        (None, info, float("nan")),
        ("nobody", info, "correct horse 7"),
        (float("nan"), info, "correct horse 7"),
        (None, no_key, "correct horse 7"),
        (None, "info", "correct horse 7"),
        (None, "correct horse 7"),
        "abc",
        (None, info, "half \udc80 7"),
        (info.accounts[0], info, "correct horse 7"),
    ]
    results = list(pwseal.change_requests(items))
    assert [type(result).__name__ for result in results] == [
        "dict",
        "PolicyError",
        "PasswordNotTextError",
        "InputError",
        "PasswordTooLongError",
        "TypeError",
        "AccountError",
        "TypeError",
        "InvalidKeyError",
        "TypeError",
        "TypeError",
        "TypeError",
        "PasswordNotTextError",
        "dict",
    ]
    for index, result in enumerate(results):
        if isinstance(result, Exception):
            assert result.index == index  # type: ignore[attr-defined]
            assert str(result).startswith(f"the request at index {index} of the batch: ")
    assert isinstance(results[1], pwseal.PolicyError) and results[1].report is not None
    assert isinstance(results[6], pwseal.AccountError) and results[6].accounts


def test_the_policy_may_be_passed_over(info: pwseal.PasswordInfo, decrypt: Decrypt) -> None:
    (result,) = info.change_request_many([(None, "zzzz")], check_policy=False)
    assert password_in(decrypt, result) == b"zzzz"
    with pytest.warns(pwseal.PasswordWarning):
        (result,) = info.change_request_many([(None, b"horse 7\n")], raw=True)
    assert password_in(decrypt, result) == b"horse 7\n"


def test_one_buffer_may_serve_for_all_and_is_wiped(
    info: pwseal.PasswordInfo, decrypt: Decrypt
) -> None:
    buffer = bytearray(7)

    def items() -> Iterator[tuple[None, bytearray]]:
        for number in range(5):
            assert buffer == bytes(7)
            buffer[:] = b"horse %d" % number
            yield None, buffer

    results = info.change_request_many(items(), wipe=True)
    assert [password_in(decrypt, result) for result in results] == [
        b"horse %d" % number for number in range(5)
    ]
    assert buffer == bytes(7)


def test_results_come_while_items_do(info: pwseal.PasswordInfo) -> None:
    """As a progress bar shows them, and no more is read than is asked for."""
    asked = 0

    def items() -> Iterator[tuple[None, str]]:
        nonlocal asked
        while True:
            asked += 1
            time.sleep(0.03)
            yield None, "correct horse 7"

    results = info.change_request_many(items())
    assert asked == 0
    next(results)
    assert asked == 1
    next(results)
    assert asked == 2


def test_memory_is_bounded(info: pwseal.PasswordInfo) -> None:
    asked = 0

    def items() -> Iterator[tuple[None, str]]:
        nonlocal asked
        while True:
            asked += 1
            yield None, "correct horse 7"

    results = info.change_request_many(items())
    for _ in range(10_000):
        next(results)
    assert 10_000 <= asked <= 10_000 + 8192


# The last two are those of an item as well, which would not end it.
@pytest.mark.parametrize("error", [LookupError, TypeError, pwseal.InputError])
def test_what_the_iterable_raises_comes_after_what_was_before(
    info: pwseal.PasswordInfo, error: type[Exception]
) -> None:
    def items() -> Iterator[tuple[None, str]]:
        yield None, "correct horse 7"
        raise error("of the database")

    results = info.change_request_many(items())
    assert isinstance(next(results), dict)
    with pytest.raises(error, match="^of the database$") as raised:
        next(results)
    assert getattr(raised.value, "index", None) is None
    assert list(results) == []


def test_what_is_no_iterable_is_refused_at_once(info: pwseal.PasswordInfo) -> None:
    for items in [None, 7, "abc", {"a": 1}]:
        with pytest.raises(TypeError, match="^an iterable of tuples of account, info and password"):
            pwseal.change_requests(items)  # type: ignore[arg-type]
        with pytest.raises(TypeError, match="^an iterable of tuples of account and password"):
            info.change_request_many(items)  # type: ignore[arg-type]


def test_warnings_are_given_as_each_result_is(info: pwseal.PasswordInfo) -> None:
    results = info.change_request_many([(None, "horse 7"), (None, "horse 7 ")])
    next(results)
    with pytest.warns(pwseal.PasswordWarning):
        assert isinstance(next(results), dict)

    results = info.change_request_many([(None, "horse 7 "), (None, "horse 7")])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warned, made = results
    assert isinstance(warned, pwseal.PasswordWarning) and isinstance(made, dict)
    assert warned.index == 0


def test_ctrl_c_ends_it(info: pwseal.PasswordInfo) -> None:
    items = [(None, "correct horse 7")] * 4096

    def endless() -> Iterator[tuple[None, str]]:
        while True:
            yield from items

    old = signal.signal(signal.SIGALRM, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            signal.setitimer(signal.ITIMER_REAL, 0.3)
            for _ in info.change_request_many(endless()):
                pass
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)


def test_a_cycle_with_its_iterable_is_collected(info: pwseal.PasswordInfo) -> None:
    class Items:
        results: object = None

        def __iter__(self) -> Iterator[tuple[None, str]]:
            return self

        def __next__(self) -> tuple[None, str]:
            return None, "correct horse 7"

    items = Items()
    items.results = info.change_request_many(items)
    gone = weakref.ref(items)
    del items
    gc.collect()
    assert gone() is None


def test_an_account_object_chooses_by_id_and_name(info_json: str) -> None:
    import json

    answer = json.loads(info_json)
    answer["accounts"] = [
        {"accountId": "1001", "accountName": "1002"},
        {"accountId": "1002", "accountName": "Abby.Smith"},
    ]
    info = pwseal.PasswordInfo.from_json(answer)
    for account in info.accounts:
        assert info.change_request("horse 7", account)["accountId"] == account.account_id
        assert not info.check("horse 7", account).has_violation
        assert info.generate(account)
    by_name = pwseal.PasswordInfoAccount(account_name="1002")
    assert info.change_request("horse 7", by_name)["accountId"] == "1001"
    with pytest.raises(pwseal.AccountError):
        info.change_request("horse 7", pwseal.PasswordInfoAccount("1001", "Abby.Smith"))

    # The name of an account without an id is not taken for the id of another.
    del answer["accounts"][0]["accountId"]
    info = pwseal.PasswordInfo.from_json(answer)
    for account in [info.accounts[0], by_name]:
        with pytest.raises(pwseal.InputError, match="^the account has no accountId"):
            info.change_request("horse 7", account)
    with pytest.raises(TypeError, match="^an account or a str with its id or name is wanted, not int"):
        info.change_request("horse 7", 7)  # type: ignore[arg-type]
