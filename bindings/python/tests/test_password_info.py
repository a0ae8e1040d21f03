import base64
import hashlib
import json
import re
from collections import UserDict
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import pwseal
import pytest

Decrypt = Callable[[bytes], bytes]


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


def test_the_json_is_the_same_body(info: pwseal.PasswordInfo, decrypt: Decrypt) -> None:
    body = json.loads(info.change_request_json("hunter2"))
    assert decrypt(base64.b64decode(body.pop("encryptedPassword"))) == b"hunter2"
    as_dict = info.change_request("hunter2")
    del as_dict["encryptedPassword"]
    assert body == as_dict


class HasToDict:
    def __init__(self, answer: Mapping[str, Any]) -> None:
        self.answer = answer

    def to_dict(self) -> Mapping[str, Any]:
        return self.answer


class HasToJson:
    def __init__(self, answer: str) -> None:
        self.answer = answer

    def to_json(self) -> str:
        return self.answer


def test_an_answer_comes_as_text_bytes_a_dict_or_a_model(info_json: str) -> None:
    answer = json.loads(info_json)
    for given in (
        info_json,
        info_json.encode(),
        memoryview(info_json.encode()),
        answer,
        MappingProxyType(answer),
        UserDict(answer),
        answer | {"unknown": None},
        answer | {"accounts": [UserDict(MappingProxyType(one)) for one in answer["accounts"]]},
        MappingProxyType({**answer, "accounts": list(map(MappingProxyType, answer["accounts"]))}),
        HasToDict(answer),
        HasToDict(MappingProxyType(answer)),
        HasToJson(info_json),
    ):
        info = pwseal.PasswordInfo.from_json(given)
        assert info.identity_id == answer["identityId"]
        assert info.source_id == answer["sourceId"]
        assert info.public_key_id == answer["publicKeyId"]
        assert [account.account_name for account in info.accounts] == ["Abby.Smith"]
        assert info.policy.rules == answer["policies"]
        der = base64.b64decode(answer["publicKey"])
        assert info.key.fingerprint == hashlib.sha256(der).hexdigest()


@pytest.mark.parametrize("answer", [None, 7, ["hunter2"], HasToJson])
def test_an_answer_of_a_wrong_type_is_a_type_error(answer: object) -> None:
    with pytest.raises(TypeError):
        pwseal.PasswordInfo.from_json(answer)  # type: ignore[arg-type]


@pytest.mark.parametrize("pairs", [[("identityId", "1")], [], None])
def test_a_model_s_dict_is_a_mapping(pairs: Any) -> None:
    with pytest.raises(TypeError, match=r"^a mapping from to_dict\(\) is wanted, not "):
        pwseal.PasswordInfo.from_json(HasToDict(pairs))


@pytest.mark.parametrize("inner", [{"x"}, b"x", HasToDict({}), iter([("x", 1)])])
def test_nothing_but_a_mapping_becomes_an_object_of_json(inner: object) -> None:
    with pytest.raises(TypeError, match="^a mapping or a value that JSON has is wanted, not "):
        pwseal.PasswordInfo.from_json({"accounts": [inner]})


def test_an_error_of_a_model_comes_through() -> None:
    class Model:
        def to_json(self) -> str:
            raise LookupError("of the model")

    with pytest.raises(LookupError, match="^of the model"):
        pwseal.PasswordInfo.from_json(Model())


def test_a_key_that_cannot_be_used_is_an_invalid_key(info_json: str) -> None:
    answer = json.loads(info_json) | {"publicKey": "AIIBIjAN"}
    info = pwseal.PasswordInfo.from_json(answer)
    for use in (lambda: info.key, lambda: info.change_request("hunter2")):
        with pytest.raises(pwseal.InvalidKeyError, match="^the key is not DER"):
            use()
    with pytest.raises(pwseal.Error, match="^the password-info has no publicKey"):
        pwseal.PasswordInfo.from_json({"identityId": "1"}).key


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
    with pytest.raises(pwseal.AccountError, match="^there are 2 accounts, choose one: ") as raised:
        two_accounts.change_request("hunter2")
    assert [account.account_id for account in raised.value.accounts] == ["1001", "1002"]
    with pytest.raises(pwseal.AccountError, match="^no account has this id or name"):
        two_accounts.change_request("hunter2", account="jdoe")
    with pytest.raises(pwseal.AccountError, match="^the password-info has no account") as raised:
        pwseal.PasswordInfo.from_json({"identityId": "1", "sourceId": "2"}).change_request("x")
    assert raised.value.accounts == ()


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("hunter2", "the password-info is not JSON, at line 1 column 1"),
        (b'{\n "identityId": 7}', "at line 2 column 16"),
        ("{}", "the password-info is an empty JSON object"),
        ('{"sourceId": "1"}', "the password-info has no identityId"),
        ('{"identityId": "1", "sourceId": "2"}', "the password-info has no account"),
    ],
)
def test_what_is_wrong_with_an_answer_is_said(answer: str | bytes, message: str) -> None:
    with pytest.raises(pwseal.Error, match=re.escape(message)):
        pwseal.PasswordInfo.from_json(answer).change_request("hunter2")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"error": "JWT is expired"},
            "an error of the API, 401 Unauthorized: JWT is expired; the token is missing, wrong or",
        ),
        ({"data": {"identityId": "1", "accounts": []}}, "JSON in which only data is a password-info"),
        ({"IdentityId": "1"}, "JSON that has the field IdentityId, whose name in the API is identityId"),
        ({"accounts": [{"accountId": 7}]}, "JSON in which accounts[0].accountId is a number, and a"),
        ('"{}"', "a JSON string that holds JSON"),
        ("<html>", "a page of HTML"),
        ("\ufeff", "empty"),
    ],
)
def test_what_is_given_instead_is_named(given: Any, message: str) -> None:
    with pytest.raises(pwseal.Error, match="^the password-info is " + re.escape(message)):
        pwseal.PasswordInfo.from_json(given)


def test_a_model_dump_is_read(info: pwseal.PasswordInfo, info_json: str) -> None:
    answer = json.loads(info_json)
    snake = {re.sub("([A-Z])", lambda m: "_" + m[0].lower(), name): answer[name] for name in answer}
    one = answer["accounts"][0]
    snake["accounts"] = [{"account_id": one["accountId"], "account_name": one["accountName"]}]
    dumped = pwseal.PasswordInfo.from_json(snake)
    assert dumped.accounts == info.accounts
    assert dumped.key == info.key
    assert (dumped.identity_id, dumped.source_id) == (info.identity_id, info.source_id)


def test_a_check_is_that_of_the_change_request(info_json: str) -> None:
    rules = ["checkPasswordAgainstAccountID is true", "checkPasswordAgainstDisplayName is true"]
    accounts = [
        {"accountId": "CN=Abby Smith,DC=acme", "accountName": "Abby.Smith"},
        {"accountId": "CN=Zoe,DC=example", "accountName": "Zoe.Jones"},
    ]
    answer = json.loads(info_json) | {"accounts": accounts, "policies": rules}
    info = pwseal.PasswordInfo.from_json(answer)
    report = info.check("xsmith77", account="Abby.Smith")
    assert [finding.outcome for finding in report.findings] == ["violated", "violated"]
    with pytest.raises(pwseal.PolicyError):
        info.change_request("xsmith77", account="Abby.Smith")
    report = info.check(bytearray(b"xsmith77"), "Zoe.Jones")
    assert report.all_passed and not report.has_violation
    assert info.change_request("xsmith77", account="Zoe.Jones")
    # Without the account it would not be known.
    assert not info.policy.check("xsmith77").all_passed
    with pytest.raises(pwseal.AccountError):
        info.check("xsmith77")


def test_what_is_generated_has_no_word_of_the_account(info_json: bytes) -> None:
    # Half of all passwords of eight lower-case letters, and far more, have one of these.
    rules = ["checkPasswordAgainstAccountID is true", "minAccountIDUniqueChars is 1"]
    accounts = [{"accountId": "a e o t", "accountName": "Abby.Smith"}, {"accountId": "CN=Zoe"}]
    answer = json.loads(info_json) | {"accounts": accounts, "policies": rules}
    info = pwseal.PasswordInfo.from_json(answer)
    for _ in range(50):
        password = info.generate("Abby.Smith", length=12)
        assert len(password) == 12
        assert not set("aeot") & set(password.lower())
    with pytest.raises(pwseal.AccountError):
        info.generate()
    with pytest.raises(pwseal.Error, match="^a password of 1 to 1024 characters is generated$"):
        info.generate("CN=Zoe", length=-1)


def test_a_password_that_cannot_be_encrypted_is_refused(info: pwseal.PasswordInfo) -> None:
    with pytest.raises(pwseal.Error, match="^the password is empty$"):
        info.change_request("")
    with pytest.raises(pwseal.PasswordTooLongError, match="^the password has 246 bytes; "):
        info.change_request("x" * 246, check_policy=False)
    with pytest.raises(TypeError, match="is wanted, not NoneType"):
        info.change_request(None)  # type: ignore[arg-type]


def test_a_password_that_violates_a_policy_gives_no_body(info: pwseal.PasswordInfo) -> None:
    with pytest.raises(pwseal.PolicyError, match="^the password violates the policy: ") as caught:
        info.change_request("zzzz")
    assert caught.value.report is not None
    violated = [finding.rule for finding in caught.value.report.violations]
    assert violated == [
        "passwordRepeatedChar is 3",
        "passwordMinLength is 5",
        "passwordMinNumeric is 1",
    ]
    assert "passwordMinNumeric is 1" in str(caught.value)
    assert "zz" not in str(caught.value)
    assert info.change_request("zzzz", check_policy=False)["encryptedPassword"]


def test_the_repr_tells_no_more_than_the_number_of_accounts(info: pwseal.PasswordInfo) -> None:
    assert repr(info) == "<pwseal.PasswordInfo with 1 account(s)>"
