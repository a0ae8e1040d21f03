import json
import string
from collections import UserDict
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import pwseal
import pytest
from typing_extensions import Buffer


def test_a_report_says_of_every_rule_how_it_stands() -> None:
    policy = pwseal.Policy(
        ["passwordMinLength is 8", "passwordMinNumeric is 1", "passwordHistory is 5"]
    )
    report = policy.check("letmein1")
    assert [(finding.rule, finding.outcome) for finding in report.findings] == [
        ("passwordMinLength is 8", "passed"),
        ("passwordMinNumeric is 1", "passed"),
        ("passwordHistory is 5", "notChecked"),
    ]
    assert not report.has_violation and not report.all_passed
    assert report.violations == []
    assert [finding.rule for finding in report.not_checked] == ["passwordHistory is 5"]
    assert repr(report) == "<pwseal.Report of 3 rule(s): 0 violated, 1 not checked>"

    report = policy.check("letmein")
    assert report.has_violation and not report.all_passed
    length = report.violations[0]
    assert (length.found, length.wanted, length.attributes) == (7, 8, [])
    assert length.message == "has 7 characters, but at least 8 are wanted"
    assert repr(length) == f"<pwseal.Finding violated: passwordMinLength is 8 ({length.message})>"
    assert repr(report).startswith(
        "<pwseal.Report of 3 rule(s): 2 violated, 1 not checked: "
        f"passwordMinLength is 8 ({length.message}); passwordMinNumeric is 1 ("
    )


def test_a_report_is_neither_true_nor_false() -> None:
    for password in ["letmein", "letmein1"]:
        report = pwseal.Policy(["passwordMinNumeric is 1", "passwordHistory is 5"]).check(password)
        with pytest.raises(TypeError, match="^a report is neither true nor false: ask for has_violation"):
            bool(report)


def test_a_policy_without_rules_is_kept() -> None:
    report = pwseal.Policy([]).check("x")
    assert report.all_passed and not report.has_violation and report.findings == []


def test_passwords_come_as_text_or_buffers() -> None:
    policy = pwseal.Policy(["passwordMinLength is 4"])
    forms: list[str | Buffer] = ["letme", b"letme", bytearray(b"letme"), memoryview(b"letme")]
    for password in forms:
        assert policy.check(password).findings[0].found == 5
    assert policy.check("päs€").findings[0].found == 4
    assert policy.check(b"\xff\xff\xff\xff").not_checked
    for wrong in [None, 7]:
        with pytest.raises(TypeError):
            policy.check(wrong)  # type: ignore[arg-type]
    with pytest.raises(pwseal.Error, match="^the password is empty$"):
        policy.check("")


def test_every_part_of_the_context_reaches_its_rule() -> None:
    def found(rule: str, **context: object) -> pwseal.Finding:
        known = pwseal.Context(**context)  # type: ignore[arg-type]
        return pwseal.Policy([rule]).check("xSmith5551234y", known).findings[0]

    account_id = "checkPasswordAgainstAccountID is true"
    name = "checkPasswordAgainstDisplayName is true"
    account_attributes = "checkPasswordsAgainstAccountAttributes is true"
    identity_attributes = "checkPasswordsAgainstIdentityAttributes is true"
    dictionary = "checkPasswordsAgainstDictionary is true"
    for rule in [account_id, name, account_attributes, identity_attributes, dictionary]:
        assert found(rule).outcome == "notChecked"
    assert found(account_id, account_id="CN=Abby Smith,DC=acme").outcome == "violated"
    assert found(account_id, account_id="CN=Abby Jones,DC=acme").outcome == "passed"
    assert found(name, account_name="abby.smith").outcome == "violated"
    assert found(name, display_name="Abby Smith").outcome == "violated"
    assert found(name, account_name="abby", display_name="Smith, A.").outcome == "violated"
    assert found(name, account_name="abby", display_name="Abby").outcome == "passed"
    attributes = MappingProxyType({"phone": "555-1234", "city": "Austin"})
    finding = found(account_attributes, account_attributes=attributes)
    assert (finding.outcome, finding.attributes) == ("violated", ["phone"])
    assert "555" not in finding.message
    finding = found(identity_attributes, identity_attributes=attributes)
    assert (finding.outcome, finding.attributes) == ("violated", ["phone"])
    # What is given for one says nothing of the other.
    assert found(account_attributes, identity_attributes=attributes).outcome == "notChecked"
    assert found(identity_attributes, account_attributes=attributes).outcome == "notChecked"
    assert found(identity_attributes, identity_attributes={}).outcome == "notChecked"
    words = "# forbidden\nsmith\n"
    for form in [words, words.encode(), pwseal.Dictionary.parse(words)]:
        assert found(dictionary, dictionary=form).outcome == "violated"
    assert found(dictionary, dictionary="jones").outcome == "passed"


def test_a_context_of_a_wrong_type_is_a_type_error() -> None:
    wrong: list[dict[str, object]] = [
        {"account_id": 7},
        {"account_name": b"abby"},
        {"display_name": ["abby"]},
        {"account_attributes": "city=Austin"},
        {"account_attributes": {"city": 7}},
        {"identity_attributes": [("city", "Austin")]},
        {"identity_attributes": {7: "Austin"}},
        {"dictionary": ["qwerty"]},
    ]
    for context in wrong:
        with pytest.raises(TypeError):
            pwseal.Context(**context)  # type: ignore[arg-type]
    for known in [7, "qwerty", {"dictionary": "qwerty"}]:
        with pytest.raises(TypeError, match="Context"):
            pwseal.Policy([]).check("hunter2", known)  # type: ignore[arg-type]


def test_a_policy_is_made_of_strings() -> None:
    assert pwseal.Policy(rule for rule in ["passwordMinLength is 8"]).rules == [
        "passwordMinLength is 8"
    ]
    with pytest.raises(TypeError, match="^an iterable of policy strings is wanted, not str$"):
        pwseal.Policy("passwordMinLength is 8")
    with pytest.raises(TypeError, match="^an iterable of policy strings is wanted, not NoneType$"):
        pwseal.Policy(None)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="^a str as policy string is wanted, not int$"):
        pwseal.Policy([8])  # type: ignore[list-item]


def test_an_error_of_the_strings_comes_through() -> None:
    class Broken:
        def __iter__(self) -> Iterator[str]:
            raise LookupError("of the strings")

    with pytest.raises(LookupError, match="^of the strings$"):
        pwseal.Policy(Broken())


@pytest.mark.parametrize(
    ("string", "message"),
    [
        (
            "passwordMinLenght is 12",
            "policy string 2 starts with no name that is known: perhaps passwordMinLength is meant",
        ),
        ("", "policy string 2 is empty: it must be like `passwordMinLength is 8`"),
        (
            "passwordMinLength is twelve",
            "policy string 2 has no value that can be read: passwordMinLength takes a whole number,"
            " and 0 or -1 for none",
        ),
    ],
)
def test_a_string_written_by_hand_is_understood_or_refused(string: str, message: str) -> None:
    with pytest.raises(pwseal.Error) as raised:
        pwseal.Policy(["passwordMinUpper is 1", string])
    assert str(raised.value) == message
    answer = pwseal.Policy.from_strings(["passwordMinUpper is 1", string])
    assert not answer.check("Hunter2").all_passed


def test_a_finding_has_the_reason_why_it_is_not_checked() -> None:
    policy = pwseal.Policy(["passwordRepeatedChar is 2", "passwordHistory is 5"])
    repeated, history = policy.check("happy22").findings
    assert (repeated.outcome, repeated.reason) == ("notChecked", "repeatedCharacters")
    assert "so many may be, by another only fewer may be" in repeated.message
    assert history.reason == "oldPasswords"
    assert policy.check("happppy").findings[0].reason is None


@pytest.mark.parametrize("password", ["abcdefg\n", "abcd".encode("utf-16-le"), "\tabcdefg"])
def test_of_what_is_refused_no_rule_is_checked(password: str | bytes) -> None:
    report = pwseal.Policy(["passwordMinLength is 8", "passwordMaxLength is 5"]).check(password)
    assert [finding.reason for finding in report.findings] == ["notText", "notText"]
    assert not report.all_passed and not report.has_violation


def test_a_string_that_is_not_understood_is_not_checked() -> None:
    report = pwseal.Policy.from_strings(["passwordSmell is 3"]).check("hunter2")
    assert not report.has_violation and not report.all_passed
    assert report.not_checked[0].message == "not checked: the rule is not understood"


def test_the_structured_policy_comes_in_every_form() -> None:
    dto = {
        "name": "PasswordPolicy Example",
        "minLength": 8,
        "maxLength": 0,
        "maxRepeatedChars": -1,
        "useDictionary": True,
        "dateCreated": 1639056206564,
        "sourceIds": ["2c91808382ffee0b01830de154f14034"],
    }
    forms: list[Mapping[str, Any] | str | bytes] = [
        dto,
        MappingProxyType(dto),
        UserDict(dto),
        json.dumps(dto),
        json.dumps(dto).encode(),
    ]
    for form in forms:
        assert pwseal.Policy.from_dto(form).rules == ["minLength is 8", "useDictionary is true"]


@pytest.mark.parametrize(
    ("dto", "message"),
    [
        ("", "the password policy is JSON that is cut off, at line 1 column 0"),
        ("[8]", "the password policy is JSON that is no object"),
        ('"hunter2"', "the password policy is JSON that is no object"),
        (
            '{"minLength": "hunter2"}',
            "the password policy cannot be used: minLength must be a whole number at line 1",
        ),
        (
            "{}",
            "the password policy cannot be used: no field says how a password must be, as minLength",
        ),
        (
            '{"minLength": null, "minDigits": "2"}',
            "the password policy cannot be used: every field that says how a password must be is null",
        ),
        (
            '{"minLenght": 12}',
            "the password policy cannot be used: there is no field minLenght: perhaps minLength is",
        ),
    ],
)
def test_a_structured_policy_that_cannot_be_read_is_explained(dto: str, message: str) -> None:
    with pytest.raises(pwseal.Error) as raised:
        pwseal.Policy.from_dto(dto)
    assert str(raised.value).startswith(message)
    assert "hunter2" not in str(raised.value)
    with pytest.raises(TypeError):
        pwseal.Policy.from_dto(8)  # type: ignore[arg-type]


def test_a_merged_policy_demands_what_both_demand() -> None:
    one = pwseal.Policy(["passwordMinLength is 8", "passwordMinUpper is 1"])
    other = pwseal.Policy(["passwordMinLength is 12"])
    assert one.merge(other).rules == ["passwordMinUpper is 1", "passwordMinLength is 12"]


def test_characters_that_the_platform_does_not_take_are_a_warning() -> None:
    report = pwseal.Policy([]).check("pässwörd:")
    assert report.all_passed
    assert [warning.kind for warning in report.warnings] == ["colon", "non-ascii"]
    assert all("documented not to take" in str(warning) for warning in report.warnings)


def test_generated_passwords_have_the_usual_length_or_the_nearest_allowed() -> None:
    def length(*rules: str) -> int:
        return len(pwseal.Policy(rules).generate())

    assert length() == 16
    assert length("passwordMinLength is 20") == 20
    assert length("passwordMaxLength is 9") == 9
    assert len(pwseal.Policy([]).generate(length=33)) == 33
    assert len({pwseal.Policy([]).generate() for _ in range(50)}) == 50


def test_characters_are_left_out_of_generated_passwords() -> None:
    policy = pwseal.Policy(["passwordMinNumeric is 3"])
    for _ in range(20):
        assert not set("23$") & set(policy.generate(40, exclude="23$ \u20ac"))
        assert not set("230O1lI|") & set(policy.generate(exclude="23", no_look_alikes=True))
    with pytest.raises(pwseal.PolicyConflictError, match="without the characters that are left out"):
        policy.generate(exclude="0123456789")


def test_what_cannot_be_generated_is_explained() -> None:
    policy = pwseal.Policy(["passwordMinNumeric is 9", "passwordMaxLength is 8"])
    with pytest.raises(pwseal.PolicyConflictError, match="^no password can satisfy: ") as raised:
        policy.generate()
    assert set(raised.value.rules) == {"passwordMinNumeric is 9", "passwordMaxLength is 8"}
    assert raised.value.length is None
    with pytest.raises(pwseal.PolicyConflictError) as raised:
        pwseal.Policy(["passwordMinLength is 12"]).generate(8)
    assert (raised.value.rules, raised.value.length) == (("passwordMinLength is 12",), 8)
    for length in [0, 1025, -1, 2**70]:
        with pytest.raises(pwseal.Error):
            pwseal.Policy([]).generate(length)
    with pytest.raises(TypeError):
        pwseal.Policy([]).generate("8")  # type: ignore[arg-type]


def test_a_dictionary_that_cannot_be_read_is_explained_by_line() -> None:
    files: list[tuple[str | bytes, str]] = [
        ("one\ntwo words\n", "line 2 has white space"),
        (b"one\n\xff\n", "is not text in UTF-8: line 2"),
        ("x" * 129, "line 1 has 129 characters"),
    ]
    for file, message in files:
        with pytest.raises(pwseal.Error, match=message):
            pwseal.Dictionary.parse(file)
        with pytest.raises(pwseal.Error, match=message):
            pwseal.Context(dictionary=file)
    assert repr(pwseal.Dictionary.parse("qwerty")) == "<pwseal.Dictionary of 1 word(s)>"


def test_no_repr_tells_a_rule_or_a_password() -> None:
    policy = pwseal.Policy(["passwordMinLength is 8"])
    assert repr(policy) == "<pwseal.Policy of 1 rule(s)>"
    assert "hunter2" not in repr(policy.check("hunter2")) + repr(policy.check("hunter2").findings)


def test_what_is_generated_is_not_like_what_is_given() -> None:
    policy = pwseal.Policy(
        [
            "passwordMaxLength is 1",
            "checkPasswordAgainstAccountID is true",
            "checkPasswordAgainstDisplayName is true",
            "checkPasswordsAgainstDictionary is true",
            "checkPasswordsAgainstIdentityAttributes is true",
        ]
    )
    # One character of four words, each of which is left out.
    context = pwseal.Context(dictionary="a\nb\nc\nd\ne\nf\ng")
    for _ in range(50):
        password = policy.generate(exclude=string.digits, context=context)
        assert password not in "abcdefgABCDEFG"
        assert not policy.check(password, context).has_violation
    known = pwseal.Context(account_id="abby", identity_attributes={"uid": "Abby.Smith"})
    assert len(policy.check("abby", known).violations) >= 2
    with pytest.raises(TypeError):
        policy.generate(context="abby")  # type: ignore[arg-type]


def test_raw_bytes_are_checked_as_they_are(info: pwseal.PasswordInfo) -> None:
    policy = pwseal.Policy(["passwordMinLength is 8"])
    checks: list[Any] = [policy.check, info.check]
    for check in checks:
        assert check("horse 7\n").not_checked
        assert not check("horse 7\n", raw=True).not_checked
