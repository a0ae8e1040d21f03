import base64
import json
import re
from collections.abc import Callable

import pwseal
import pytest

Decrypt = Callable[[bytes], bytes]


@pytest.fixture
def info(info_json: str) -> pwseal.PasswordInfo:
    return pwseal.PasswordInfo.from_json(info_json)


@pytest.fixture
def two_accounts(info_json: str) -> pwseal.PasswordInfo:
    accounts = [{"accountId": "1001", "accountName": "asmith"}, {"accountId": "1002"}]
    return pwseal.PasswordInfo.from_json(json.dumps(json.loads(info_json) | {"accounts": accounts}))


def test_the_body_has_exactly_the_fields_of_the_api(
    info: pwseal.PasswordInfo, info_json: str, decrypt: Decrypt
) -> None:
    answer = json.loads(info_json)
    body = info.change_request("correct horse 7")
    ciphertext = base64.b64decode(body["encryptedPassword"], validate=True)
    assert decrypt(ciphertext) == b"correct horse 7"
    assert body == {
        "identityId": answer["identityId"],
        "encryptedPassword": body["encryptedPassword"],
        "publicKeyId": answer["publicKeyId"],
        "accountId": answer["accounts"][0]["accountId"],
        "sourceId": answer["sourceId"],
    }


def test_a_password_comes_from_a_buffer_too(info: pwseal.PasswordInfo, decrypt: Decrypt) -> None:
    body = info.change_request(bytearray(b"hunter2"))
    assert decrypt(base64.b64decode(body["encryptedPassword"])) == b"hunter2"


def test_json_comes_as_text_or_bytes(info_json: str) -> None:
    forms: list[str | bytes | memoryview] = [
        info_json,
        info_json.encode(),
        memoryview(info_json.encode()),
    ]
    for given in forms:
        assert len(pwseal.PasswordInfo.from_json(given).accounts) == 1


def test_accounts_have_the_names_of_the_api(two_accounts: pwseal.PasswordInfo) -> None:
    first, second = two_accounts.accounts
    assert (first.account_id, first.account_name) == ("1001", "asmith")
    assert (second.account_id, second.account_name) == ("1002", None)
    assert repr(first) == "<pwseal.PasswordInfoAccount id='1001' name='asmith'>"
    assert repr(second) == "<pwseal.PasswordInfoAccount id='1002' name=None>"


def test_an_account_is_chosen_and_never_guessed(two_accounts: pwseal.PasswordInfo) -> None:
    for account in ["1001", "asmith"]:
        body = two_accounts.change_request("hunter2", account=account)
        assert body["accountId"] == "1001"
    assert two_accounts.change_request("hunter2", "1002")["accountId"] == "1002"
    with pytest.raises(pwseal.Error, match="^there are 2 accounts, choose one: "):
        two_accounts.change_request("hunter2")
    with pytest.raises(pwseal.Error, match="^no account has this id or name"):
        two_accounts.change_request("hunter2", account="jdoe")


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("hunter2", "the password-info is not valid JSON, at line 1 column 1"),
        (b'{\n "identityId": 7}', "at line 2 column 16"),
        ("{}", "the password-info has no identityId"),
        ('{"identityId": "1", "sourceId": "2"}', "the password-info has no account"),
    ],
)
def test_what_is_wrong_with_an_answer_is_said(answer: str | bytes, message: str) -> None:
    with pytest.raises(pwseal.Error, match=re.escape(message)):
        pwseal.PasswordInfo.from_json(answer).change_request("hunter2")


def test_a_password_that_cannot_be_encrypted_is_refused(info: pwseal.PasswordInfo) -> None:
    with pytest.raises(pwseal.Error, match="^the password is empty$"):
        info.change_request("")
    with pytest.raises(pwseal.Error, match="^the password has 246 bytes; "):
        info.change_request("x" * 246, check_policy=False)
    with pytest.raises(TypeError, match="is wanted, not NoneType"):
        info.change_request(None)  # type: ignore[arg-type]


def test_a_password_that_violates_a_policy_gives_no_body(info: pwseal.PasswordInfo) -> None:
    with pytest.raises(pwseal.Error, match="^the password violates the policy: ") as caught:
        info.change_request("zzzz")
    assert "passwordMinNumeric is 1" in str(caught.value)
    assert "zz" not in str(caught.value)
    assert info.change_request("zzzz", check_policy=False)["encryptedPassword"]


def test_the_repr_tells_no_more_than_the_number_of_accounts(info: pwseal.PasswordInfo) -> None:
    assert repr(info) == "<pwseal.PasswordInfo with 1 account(s)>"
