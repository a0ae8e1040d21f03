"""Any password and any policy."""

from collections.abc import Callable

import pwseal
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

texts = st.text(max_size=300)  # Without half surrogates, as UTF-8 has it.
passwords = st.one_of(texts, st.binary(max_size=300))

RULES: dict[str, Callable[[str], int]] = {
    "passwordMinLength": len,
    "passwordMinUpper": lambda text: sum(c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" for c in text),
    "passwordMinLower": lambda text: sum(c in "abcdefghijklmnopqrstuvwxyz" for c in text),
    "passwordMinNumeric": lambda text: sum(c in "0123456789" for c in text),
}


def as_bytes(password: str | bytes) -> bytes:
    return password.encode() if isinstance(password, str) else password


@given(passwords)
def test_a_password_comes_back_or_is_refused(
    key: pwseal.PublicKey, private_key: RSAPrivateKey, password: str | bytes
) -> None:
    expected = as_bytes(password)
    try:
        ciphertext = key.encrypt(password)
    except pwseal.PasswordTooLongError as error:
        assert (error.length, error.max_length) == (len(expected), 245)
        assert len(expected) > 245
    except pwseal.Error as error:
        assert str(error) == "the password is empty"
        assert expected == b""
    else:
        assert 1 <= len(expected) <= 245
        assert private_key.decrypt(ciphertext, PKCS1v15()) == expected


@settings(max_examples=30)
@given(st.lists(st.text(min_size=1, max_size=60), max_size=80))
def test_a_batch_comes_back_in_order(
    key: pwseal.PublicKey, private_key: RSAPrivateKey, batch: list[str]
) -> None:
    ciphertexts = key.encrypt_many(batch)
    decrypted = [private_key.decrypt(one, PKCS1v15()).decode() for one in ciphertexts]
    assert decrypted == batch


ascii_texts = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40)
minimums = st.dictionaries(st.sampled_from(sorted(RULES)), st.integers(1, 12))


@given(ascii_texts, minimums)
def test_a_minimum_is_kept_exactly_when_the_count_is_reached(
    password: str, minimums: dict[str, int]
) -> None:
    policy = pwseal.Policy(f"{name} is {number}" for name, number in minimums.items())
    report = policy.check(password)
    assert report.not_checked == []
    broken = {name for name, number in minimums.items() if RULES[name](password) < number}
    assert {finding.rule.split()[0] for finding in report.violations} == broken
    assert report.has_violation is bool(broken)
    assert report.all_passed is (not broken)


@given(minimums, st.integers(1, 40))
def test_what_is_generated_satisfies_the_policy(minimums: dict[str, int], length: int) -> None:
    policy = pwseal.Policy(f"{name} is {number}" for name, number in minimums.items())
    classes = sum(number for name, number in minimums.items() if name != "passwordMinLength")
    possible = length >= max(classes, minimums.get("passwordMinLength", 0))
    try:
        password = policy.generate(length)
    except pwseal.PolicyConflictError as error:
        assert not possible
        assert error.rules
    else:
        assert possible
        assert len(password) == length
        assert policy.check(password).all_passed


@given(st.lists(st.text()))
def test_any_strings_are_a_policy_and_none_is_passed_over(strings: list[str]) -> None:
    report = pwseal.Policy.from_strings(strings).check("hunter2")
    assert [finding.rule for finding in report.findings] == strings


@given(st.one_of(st.text(), st.binary()))
def test_anything_is_refused_as_a_key_or_an_answer_without_a_panic(given: str | bytes) -> None:
    for read in [pwseal.PublicKey.parse, pwseal.PublicKey.from_pem, pwseal.PublicKey.from_base64]:
        try:
            read(given)
        except pwseal.InvalidKeyError:
            pass
    for read_json in [pwseal.PasswordInfo.from_json, pwseal.Policy.from_dto]:
        try:
            read_json(given)
        except pwseal.Error:
            pass
