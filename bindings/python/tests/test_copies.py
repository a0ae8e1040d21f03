"""What is equal, and what can be copied and pickled."""

import copy
import pickle
from typing import Any

import pwseal
import pytest
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


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_keys_accounts_and_reports_come_through_pickle(
    key: pwseal.PublicKey, info: pwseal.PasswordInfo, protocol: int
) -> None:
    def copied(thing: Any) -> Any:
        return pickle.loads(pickle.dumps(thing, protocol))

    assert copied(key) == key
    for account in [info.accounts[0], pwseal.PasswordInfoAccount()]:
        assert copied(account) == account
    policy = pwseal.Policy(["passwordMinLength is 8", "passwordHistory is 5"])
    report = policy.check("hünter2")
    again = copied(report)
    assert repr(again) == repr(report)
    assert again.warnings == report.warnings != []
    assert repr(again.findings) == repr(report.findings)
    assert (again.violations[0].found, again.violations[0].wanted) == (7, 8)


@pytest.mark.parametrize("outcome", ["Violated", "not_checked", "", "violated\0", "\ud800"])
def test_a_finding_has_one_of_three_outcomes(outcome: Any) -> None:
    with pytest.raises(pwseal.Error, match="^the outcome"):
        pwseal.Finding("passwordMinLength is 8", outcome, "m", 1, 8, [], None)
    with pytest.raises(TypeError):
        pwseal.Finding("passwordMinLength is 8", None, "m", 1, 8, [], None)  # type: ignore[arg-type]


PICKLED = {"PublicKey", "PasswordInfoAccount", "Report", "Finding"}
SECRET = {"Request", "DigitToken"}


@pytest.fixture
def things(key: pwseal.PublicKey, info: pwseal.PasswordInfo) -> dict[str, object]:
    """One of each class but the exceptions, by the name of the class."""
    report = info.check("hunter2")
    api = pwseal.Api("v2026", "acme")
    poll = pwseal.StatusPoll()
    state = '{"state": "IN_PROGRESS"}'
    things = [
        key,
        info,
        info.accounts[0],
        info.policy,
        report,
        report.findings[0],
        pwseal.Dictionary.parse("qwerty"),
        api,
        api.password_change_status("0898", token="t"),
        poll,
        poll.next(60, 503, ""),
        pwseal.PasswordChangeResponse.from_response(202, state),
        pwseal.PasswordStatus.from_response(200, state),
        pwseal.DigitToken.from_response(200, '{"digitToken": "09087713"}'),
    ]
    return {type(thing).__name__: thing for thing in things}


def test_there_is_one_of_each_class(things: dict[str, object]) -> None:
    classes = {name for name in pwseal.__all__ if not name.endswith(("Error", "Warning"))}
    assert set(things) == classes


def test_what_has_no_secret_is_its_own_copy(things: dict[str, object]) -> None:
    for name in things.keys() - SECRET:
        assert copy.copy(things[name]) is things[name]
        assert copy.deepcopy([things[name]])[0] is things[name]


def test_what_has_a_secret_is_not_copied(things: dict[str, object]) -> None:
    for name in SECRET:
        for copied in copy.copy, copy.deepcopy:
            with pytest.raises(TypeError, match="^cannot pickle "):
                copied(things[name])


def test_nothing_else_is_pickled(things: dict[str, object]) -> None:
    for name in PICKLED:
        pickle.dumps(things[name])
    for name in things.keys() - PICKLED:
        with pytest.raises(TypeError, match="^cannot pickle "):
            pickle.dumps(things[name])
