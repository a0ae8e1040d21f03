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
        pwseal.Finding("passwordMinLength is 8", outcome, "m", 1, 8, [])
    with pytest.raises(TypeError):
        pwseal.Finding("passwordMinLength is 8", None, "m", 1, 8, [])  # type: ignore[arg-type]


def test_what_never_changes_is_its_own_copy(
    key: pwseal.PublicKey, info: pwseal.PasswordInfo
) -> None:
    report = info.check("hunter2")
    for thing in [
        key,
        info,
        info.accounts[0],
        info.policy,
        report,
        report.findings[0],
        pwseal.Dictionary.parse("qwerty"),
        pwseal.Api("acme", "v2026"),
        pwseal.StatusPoll(),
    ]:
        assert copy.copy(thing) is thing
        assert copy.deepcopy([thing])[0] is thing


def test_what_is_secret_is_not_pickled() -> None:
    token = pwseal.DigitToken.from_response(200, '{"digitToken": "09087713"}')
    request = pwseal.Api("acme", "v2026").password_change_status("0898", token="t")
    for thing in [token, request]:
        with pytest.raises(TypeError, match="^cannot pickle "):
            pickle.dumps(thing)
