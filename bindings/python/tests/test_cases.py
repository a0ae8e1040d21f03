"""The cases that every interface is held to: tests/cases. Those of passwords are in test_judgement.py."""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pwseal
import pytest

CASES = Path(__file__).parents[3] / "tests" / "cases"
PASSWORD = "correct horse 7"


def table(name: str) -> list[tuple[str, ...]]:
    rows = (CASES / f"{name}.tsv").read_text().splitlines()[1:]
    return [tuple(row.split("\t")) for row in rows]


def check_message(error: pwseal.Error, wanted: str) -> None:
    message = str(error)
    assert wanted in message
    assert "\n" not in message
    assert "hunter2" not in message


def outcomes(report: pwseal.Report) -> list[str]:
    return [finding.reason or finding.outcome for finding in report.findings]


@pytest.mark.parametrize(("file", "verdict", "wanted"), table("keys"))
def test_keys(file: str, verdict: str, wanted: str) -> None:
    content = (CASES / "keys" / file).read_bytes()
    forms: list[str | bytes] = [content]
    try:
        forms.append(content.decode())
    except UnicodeDecodeError:
        pass
    for form in forms:
        if verdict == "read":
            assert pwseal.PublicKey.parse(form).fingerprint == wanted
        else:
            with pytest.raises(pwseal.Error) as raised:
                pwseal.PublicKey.parse(form)
            check_message(raised.value, wanted)


@pytest.mark.parametrize(("file", "verdict", "wanted"), table("password-infos"))
def test_password_infos(
    file: str, verdict: str, wanted: str, decrypt: Callable[[bytes], bytes]
) -> None:
    content = (CASES / "password-infos" / file).read_bytes()
    if verdict != "read":
        with pytest.raises(pwseal.Error) as raised:
            pwseal.PasswordInfo.from_json(content)
        check_message(raised.value, wanted)
        return
    info = pwseal.PasswordInfo.from_json(content)
    body = info.change_request(PASSWORD)
    assert body["identityId"] == "2c918085744fec4301746f9a5bce4605"
    assert body["accountId"].startswith("CN=Abby Smith,")
    assert decrypt(base64.b64decode(body["encryptedPassword"])) == PASSWORD.encode()
    found = outcomes(info.check(PASSWORD))
    if wanted == "absent":
        assert found == ["noPolicies"]
    else:
        assert len(found) == int(wanted)
        assert not {"violated", "noPolicies"} & set(found)


def value(file: str) -> Any:
    # As text: of bytes, Python finds out by itself that they are UTF-16.
    return json.loads((CASES / "password-infos" / file).read_text(encoding="utf-8-sig"))


def is_dict(file: str) -> bool:
    try:
        return isinstance(value(file), dict)
    except ValueError:
        return False


# What occurs twice is once in a dict.
OBJECTS = [row for row in table("password-infos") if is_dict(row[0]) and row[0] != "twice"]


@pytest.mark.parametrize(("file", "verdict", "wanted"), OBJECTS)
def test_password_infos_as_dicts(file: str, verdict: str, wanted: str) -> None:
    content = value(file)
    if verdict == "read":
        info = pwseal.PasswordInfo.from_json(content)
        assert info.identity_id == "2c918085744fec4301746f9a5bce4605"
    else:
        with pytest.raises(pwseal.Error) as raised:
            pwseal.PasswordInfo.from_json(content)
        check_message(raised.value, wanted)


@pytest.mark.parametrize(
    "passwords", [{"abby": "hunter22"}, {"hunter22", "hunter23"}, frozenset(["hunter22"])]
)
def test_a_batch_has_an_order(key: pwseal.PublicKey, passwords: Any) -> None:
    """The keys of a mapping would be encrypted, and those of a set come in any order."""
    with pytest.raises(TypeError, match="an iterable of passwords") as raised:
        key.encrypt_many(passwords)
    assert "hunter2" not in str(raised.value)
    assert len(key.encrypt_many({"abby": "hunter22"}.values())) == 1


def test_no_password_of_no_character_is_generated() -> None:
    with pytest.raises(pwseal.Error, match="a password of 1 to 1024 characters is generated"):
        pwseal.Policy(["passwordMinLength is 8"]).generate(0)


@pytest.mark.parametrize("row", json.loads((CASES / "policies.json").read_text()))
def test_policies(row: dict[str, Any]) -> None:
    dictionary = row.get("dictionary")
    context = pwseal.Context(
        account_id=row.get("accountId"),
        account_name=row.get("accountName"),
        account_attributes=row.get("accountAttributes"),
        identity_attributes=row.get("identityAttributes"),
        dictionary=dictionary and pwseal.Dictionary.parse(dictionary),
    )
    report = pwseal.Policy.from_strings(row["policies"]).check(row["password"], context)
    assert outcomes(report) == row["outcomes"]
    assert report.has_violation == ("violated" in row["outcomes"])
    assert report.all_passed == all(outcome == "passed" for outcome in row["outcomes"])
