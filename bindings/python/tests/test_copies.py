"""What is equal, and what can be copied and pickled."""

import asyncio
import copy
import inspect
import json
import multiprocessing
import pickle
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pwseal
import pytest
from conftest import EXAMPLES
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def test_keys_are_equal_by_value(key: pwseal.PublicKey, info: pwseal.PasswordInfo) -> None:
    assert key == info.key and hash(key) == hash(info.key)
    assert key != key.fingerprint
    public = generate_private_key(65537, 2048).public_key()
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    other = pwseal.PublicKey.parse(der)
    assert key != other and hash(key) != hash(other)


def test_accounts_are_equal_by_value(info: pwseal.PasswordInfo) -> None:
    account = info.accounts[0]
    same = pwseal.PasswordInfoAccount(account.account_id, account.account_name)
    assert account == same and {account} == {same}
    swapped = pwseal.PasswordInfoAccount(account.account_name, account.account_id)
    assert account != swapped and len({account, swapped}) == 2
    assert pwseal.PasswordInfoAccount() != account


@pytest.mark.parametrize("outcome", ["Violated", "not_checked", "", "violated\0", "\ud800"])
def test_a_finding_has_one_of_three_outcomes(outcome: Any) -> None:
    with pytest.raises(pwseal.Error, match="^the outcome"):
        pwseal.Finding("passwordMinLength is 8", outcome, "m", 1, 8, [], None)
    with pytest.raises(TypeError):
        pwseal.Finding("passwordMinLength is 8", None, "m", 1, 8, [], None)  # type: ignore[arg-type]


SECRET = {"Request", "DigitToken", "Exchange", "AsyncExchange"}
# An iterator is no value.
OTHERS = SECRET | {"ChangeRequests"}
MESSAGES = {
    "PasswordInfo",
    "PasswordInfoAccount",
    "Policy",
    "Report",
    "Finding",
    "PasswordChangeResponse",
    "PasswordStatus",
}


@pytest.fixture
def things(key: pwseal.PublicKey, info: pwseal.PasswordInfo) -> dict[str, object]:
    """One of each class but the exceptions, by the name of the class."""
    report = info.check("hunter2")
    api = pwseal.Api("v2026", "acme")
    poll = pwseal.StatusPoll(changes=3, patience=60)
    state = '{"state": "IN_PROGRESS"}'
    things = [
        key,
        info,
        info.accounts[0],
        info.policy,
        report,
        report.findings[0],
        pwseal.Dictionary.parse("qwerty"),
        pwseal.Context("1001", identity_attributes={"phone": "5"}, dictionary="qwerty"),
        api,
        api.password_change_status("0898", token="t"),
        poll,
        poll.next(60, 503, ""),
        pwseal.PasswordChangeResponse.from_response(202, state),
        pwseal.PasswordStatus.from_response(200, state),
        pwseal.DigitToken.from_response(200, '{"digitToken": "09087713"}'),
        info.change_request_many([]),
        pwseal.Exchange(api, print, "token"),
        pwseal.AsyncExchange(api, asyncio.sleep, "token"),  # type: ignore[arg-type]
    ]
    return {type(thing).__name__: thing for thing in things}


def test_there_is_one_of_each_class(things: dict[str, object]) -> None:
    classes = {name for name in pwseal.__all__ if inspect.isclass(getattr(pwseal, name))}
    assert set(things) == {name for name in classes if not name.endswith(("Error", "Warning"))}


def test_what_has_no_secret_is_its_own_copy(things: dict[str, object]) -> None:
    for name in things.keys() - OTHERS:
        assert copy.copy(things[name]) is things[name]
        assert copy.deepcopy([things[name]])[0] is things[name]


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_values_come_through_pickle(things: dict[str, object], protocol: int) -> None:
    for name in things.keys() - OTHERS:
        again = pickle.loads(pickle.dumps(things[name], protocol))
        assert again is not things[name]
        assert again == things[name] and hash(again) == hash(things[name])
        assert repr(again) == repr(things[name])
        assert again != name and things[name] != object()


def test_what_has_a_secret_is_neither_copied_nor_pickled(things: dict[str, object]) -> None:
    for name in SECRET:
        for copied in copy.copy, copy.deepcopy, pickle.dumps:
            with pytest.raises(TypeError, match=f"^cannot pickle or copy a pwseal.{name}: it may"):
                copied(things[name])
    with pytest.raises(TypeError, match="^cannot pickle "):
        pickle.dumps(things["ChangeRequests"])


def test_messages_become_json_and_back(things: dict[str, Any]) -> None:
    with_json = {name for name in things if hasattr(things[name], "to_json")}
    assert with_json == MESSAGES
    for name in MESSAGES:
        thing = things[name]
        assert json.loads(thing.to_json()) == thing.to_dict()
        for form in [thing.to_dict(), thing.to_json(), thing.to_json().encode(), thing]:
            assert type(thing).from_json(form) == thing


def test_the_names_in_json_are_those_of_the_api_and_the_command(
    info: pwseal.PasswordInfo, info_json: str
) -> None:
    assert info.to_dict() == json.loads(info_json)
    file = str(EXAMPLES / "password-info.json")
    command = [sys.executable, "-m", "pwseal", "check", "--json", "--info", file]
    done = subprocess.run(command, input="zzzz7", capture_output=True, text=True, check=False)
    ours = info.check("zzzz7")
    assert json.loads(done.stdout) == ours.to_dict()
    assert list(json.loads(done.stdout)) == list(ours.to_dict())
    assert pwseal.Report.from_json(done.stdout) == ours


DIFFERENT: list[Callable[[], object]] = [
    lambda: pwseal.StatusPoll(),
    lambda: pwseal.StatusPoll(changes=2),
    lambda: pwseal.StatusPoll(patience=60),
    lambda: pwseal.Api("v2026", "acme"),
    lambda: pwseal.Api("v2025", "acme"),
    lambda: pwseal.Api.at("v2026", "https://acme.api.identitynow.com", allow_http=True),
    lambda: pwseal.Dictionary.parse("qwerty"),
    lambda: pwseal.Dictionary.parse("qwertz"),
    lambda: pwseal.Context(account_name="Abby"),
    lambda: pwseal.Context(display_name="Abby"),
    lambda: pwseal.Context(account_attributes={"a": "b", "c": "d"}),
    lambda: pwseal.Context(account_attributes={"a": "d", "c": "b"}),
    lambda: pwseal.Context(dictionary="qwerty"),
    lambda: pwseal.Policy(["passwordMinLength is 8"]),
    lambda: pwseal.Policy(["passwordMinLength is 9"]),
    lambda: pwseal.Policy.from_dto({"minLength": 8}),
    lambda: pwseal.PasswordInfoAccount("1"),
    lambda: pwseal.PasswordInfoAccount(None, "1"),
    lambda: pwseal.PasswordStatus.from_json({"state": "FINISHED"}),
    lambda: pwseal.PasswordStatus.from_json({"state": "FAILED"}),
    lambda: pwseal.StatusPoll().next(60, 503, ""),
    lambda: pwseal.StatusPoll().next(60, 502, ""),
    lambda: pwseal.StatusPoll().next(60, {"state": "FINISHED"}),
    lambda: pwseal.Policy(["passwordMinLength is 8"]).check("letmein"),
    lambda: pwseal.Policy(["passwordMinLength is 8"]).check("letmein1"),
    lambda: pwseal.Policy(["passwordMinLength is 8"]).check("letmein1 "),
]


def test_values_are_equal_if_what_they_say_is() -> None:
    one, other = [make() for make in DIFFERENT], [make() for make in DIFFERENT]
    for left, thing in enumerate(one):
        assert [right for right, again in enumerate(other) if again == thing] == [left]
    assert len({*one, *other}) == len(DIFFERENT)


def test_policies_of_every_source_come_through_json() -> None:
    strings = pwseal.Policy(["passwordMinLength is 8", "passwordMinUpper is 1"])
    structured = pwseal.Policy.from_dto({"minLength": 12, "minUpper": 2, "description": None})
    unknown = pwseal.PasswordInfo.from_json({"identityId": "1"}).policy
    merged = strings.merge(structured).merge(unknown.merge(strings))
    for policy in [strings, structured, unknown, merged]:
        again = pwseal.Policy.from_json(policy.to_json())
        assert again == policy and again.rules == policy.rules
        for password in ["letmein", "Letmein12345", "LETMEIN12345"]:
            assert again.check(password) == policy.check(password)
    for wrong in ["", "[]", '{"merged": []}', '{"merged": 7}', '{"policies": "x"}', '{"x": 1}', "{}"]:
        with pytest.raises(pwseal.InputError):
            pwseal.Policy.from_json(wrong)


def test_what_is_no_report_is_refused() -> None:
    finding = {"rule": "r", "outcome": "passed", "message": "m"}
    assert pwseal.Finding.from_json(finding).attributes == []
    other: dict[str, Any] = finding | {"outcome": "ok"}
    wrongs: list[Any] = [{}, {"findings": 7}, {"findings": [{}]}, {"findings": [other]}]
    for wrong in wrongs:
        with pytest.raises(pwseal.InputError):
            pwseal.Report.from_json(wrong)
    with pytest.raises(pwseal.InputError, match="^the finding is not valid JSON"):
        pwseal.Finding.from_json("x")


def test_a_spawned_pool_takes_what_a_method_is_bound_to(
    info: pwseal.PasswordInfo, key: pwseal.PublicKey
) -> None:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        bodies = pool.map(info.change_request, ["correct horse 7", "correct horse 8"])
        reports = pool.map(info.check, ["zzzz7"])
        lengths = pool.map(key.encrypt, ["hunter2"])
    assert [body["identityId"] for body in bodies] == [info.identity_id] * 2
    assert reports == [info.check("zzzz7")]
    assert len(lengths[0]) == 256


def test_a_next_can_be_made_by_hand() -> None:
    made = pwseal.Next("ask_again", 6.0, [], None)
    assert made == pwseal.StatusPoll().next(60, {"state": "IN_PROGRESS"})
    with pytest.raises(pwseal.InputError, match="^the outcome is none of ask_again, finished"):
        pwseal.Next("done", None, [], None)  # type: ignore[arg-type]
