"""What is understood, refused and warned of in a password: tests/cases/passwords.tsv."""

import base64
import pickle
import warnings
from pathlib import Path

import pwseal
import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

ROOT = Path(__file__).parents[3]
CASES = ROOT / "tests" / "cases"


def cases() -> list[tuple[str, ...]]:
    lines = (CASES / "passwords.tsv").read_text().splitlines()[1:]
    return [tuple(line.split("\t")) for line in lines]


def password(name: str) -> bytes:
    """What is in the file, without the line break at its end."""
    content = (CASES / "passwords" / name).read_bytes()
    if content.endswith(b"\n"):
        content = content[:-1].removesuffix(b"\r")
    return content


def decrypted(key: RSAPrivateKey, body: dict[str, str]) -> bytes:
    return key.decrypt(base64.b64decode(body["encryptedPassword"]), PKCS1v15())


@pytest.mark.parametrize(("name", "verdict", "finding", "detail"), cases())
def test_each_case_is_judged_as_the_table_says(
    info: pwseal.PasswordInfo,
    private_key: RSAPrivateKey,
    name: str,
    verdict: str,
    finding: str,
    detail: str,
) -> None:
    given = password(name)
    if verdict == "empty":
        with pytest.raises(pwseal.Error, match="the password is empty"):
            info.change_request(given, check_policy=False)
        return
    if verdict in ("refused", "decoded"):
        with pytest.raises(pwseal.PasswordNotTextError) as raised:
            info.change_request(given, check_policy=False)
        problem = finding if verdict == "refused" else "utf16"
        assert raised.value.problem == problem
        assert raised.value.position is not None
        assert verdict == "decoded" or detail in str(raised.value)
    else:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            body = info.change_request(given, check_policy=False)
        assert decrypted(private_key, body).hex() == finding
        assert all(warning.filename == __file__ for warning in caught)
        found = [warning.message for warning in caught]
        assert ",".join(getattr(warning, "kind", "?") for warning in found) == detail
        api = pwseal.Api("v2026", "acme")
        with warnings.catch_warnings(action="ignore"):
            request = api.set_password(info, given, check_policy=False)
        assert request.warnings == found
    with warnings.catch_warnings(action="ignore"):
        raw = info.change_request(given, check_policy=False, raw=True)
    assert decrypted(private_key, raw) == given


def test_text_is_judged_as_bytes_are(info: pwseal.PasswordInfo) -> None:
    with pytest.raises(pwseal.PasswordNotTextError, match="a line break at byte 7") as raised:
        info.change_request_json("hunter2\n")
    assert (raised.value.problem, raised.value.position) == ("line-break", 7)
    with pytest.raises(pwseal.PasswordNotTextError, match="half a surrogate pair") as raised:
        info.change_request("hunter2\ud83d", raw=True)
    assert (raised.value.problem, raised.value.position) == ("half-surrogate", 7)
    with pytest.raises(pwseal.PasswordNotTextError, match="a NUL at byte 7"):
        pwseal.Api("v2026", "acme").set_password(info, "hunter2\0")


def test_a_warning_can_be_made_an_error(info: pwseal.PasswordInfo) -> None:
    with warnings.catch_warnings(action="error", category=pwseal.PasswordWarning):
        info.change_request("correct horse 7")
        with pytest.raises(pwseal.PasswordWarning, match="ends with white space") as raised:
            info.change_request("correct horse 7 ")
    assert raised.value.kind == "trailing-white-space"


def test_a_warning_is_a_value() -> None:
    report = pwseal.Policy(["passwordMinLength is 1"]).check("a:b ")
    first, second = report.warnings
    assert (first.kind, second.kind) == ("trailing-white-space", "colon")
    assert first == pwseal.PasswordWarning(str(first), first.kind) != second
    again = pickle.loads(pickle.dumps(report))
    assert again.warnings == report.warnings
    assert len({first, second, *again.warnings}) == 2
    assert first != str(first)


def test_encryption_alone_judges_nothing(private_key: RSAPrivateKey) -> None:
    key = pwseal.PublicKey.parse((ROOT / "examples" / "public-key.pem").read_bytes())
    for given in (b"hunter2\n", b"\xff\xfeh\0", b"\xef\xbb\xbfhunter2"):
        assert private_key.decrypt(key.encrypt(given), PKCS1v15()) == given
