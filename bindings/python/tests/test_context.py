"""What a password is compared with beside the policy, wherever a password is checked."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pwseal
import pytest

PASSWORD = "correct5551234"
RULES = [
    "checkPasswordsAgainstIdentityAttributes is true",
    "checkPasswordsAgainstDictionary is true",
    "checkPasswordAgainstAccountID is true",
]
PHONE = pwseal.Context(identity_attributes={"phone": "555-1234"})
WORDS = pwseal.Context(dictionary="correct")
OTHER = pwseal.Context(identity_attributes={"phone": "777-4321"}, dictionary="qwerty")


@pytest.fixture
def strict(key: pwseal.PublicKey) -> pwseal.PasswordInfo:
    return pwseal.PasswordInfo(
        identity_id="1",
        source_id="2",
        public_key_id="3",
        public_key=key,
        accounts=[pwseal.PasswordInfoAccount("abby", "Abby")],
        policies=RULES,
    )


def test_what_it_has_is_compared_wherever_a_body_is_made(strict: pwseal.PasswordInfo) -> None:
    api = pwseal.Api("v2026", "acme")
    calls: list[Callable[..., object]] = [
        strict.change_request,
        strict.change_request_json,
        partial(api.set_password, strict),
    ]
    for call in calls:
        assert call(PASSWORD) and call(PASSWORD, context=OTHER) and call(PASSWORD, context=None)
        for context, rule in [(PHONE, RULES[0]), (WORDS, RULES[1])]:
            with pytest.raises(pwseal.PolicyError) as raised:
                call(PASSWORD, context=context)
            assert raised.value.report is not None
            assert [finding.rule for finding in raised.value.report.violations] == [rule]
            assert call(PASSWORD, context=context, check_policy=False)


def test_a_check_says_what_a_body_is_refused_for(strict: pwseal.PasswordInfo) -> None:
    assert len(strict.check(PASSWORD).not_checked) == 2
    assert strict.check(PASSWORD, context=OTHER).all_passed
    finding = strict.check(PASSWORD, context=PHONE).violations[0]
    assert finding.attributes == ["phone"] and "555" not in finding.message
    # The account's own id is known all the same.
    report = strict.check("abby", context=pwseal.Context(account_id="someone else"))
    assert [finding.rule for finding in report.violations] == [RULES[2]]


def test_what_is_generated_is_unlike_it(strict: pwseal.PasswordInfo) -> None:
    context = pwseal.Context(dictionary="\n".join("abcdefgh"))
    for _ in range(50):
        generated = strict.generate(length=1, context=context)
        assert generated.lower() not in "abcdefgh"
        assert strict.check(generated, context=context).has_violation is False


def test_a_batch_has_one_for_all_and_one_for_an_item(strict: pwseal.PasswordInfo) -> None:
    def refused(result: object) -> list[str]:
        if isinstance(result, dict):
            return []
        assert isinstance(result, pwseal.PolicyError) and result.report is not None
        return [finding.rule for finding in result.report.violations]

    items: list[Any] = [(None, PASSWORD), (None, PASSWORD, PHONE), (None, PASSWORD, None), (None, "x7", PHONE)]
    assert [refused(one) for one in strict.change_request_many(items)] == [[], RULES[:1], [], []]
    for_all = strict.change_request_many(items, context=WORDS)
    assert [refused(one) for one in for_all] == [RULES[1:2], RULES[:2], RULES[1:2], []]
    rows: list[Any] = [(None, strict, PASSWORD), (None, strict, PASSWORD, PHONE)]
    assert [refused(one) for one in pwseal.change_requests(rows)] == [[], RULES[:1]]
    for_all = pwseal.change_requests(rows, context=WORDS)
    assert [refused(one) for one in for_all] == [RULES[1:2], RULES[:2]]
    despite = pwseal.change_requests(rows, context=WORDS, check_policy=False)
    assert [refused(one) for one in despite] == [[], []]


def test_a_wrong_one_in_a_batch_is_an_error_of_its_item(strict: pwseal.PasswordInfo) -> None:
    items: list[Any] = [(None, PASSWORD, "qwerty"), (None, PASSWORD, PHONE, 7), (None, PASSWORD)]
    results = list(strict.change_request_many(items))
    assert [str(result) for result in results[:2]] == [
        "the request at index 0 of the batch: a Context as context is wanted, not str",
        "the request at index 1 of the batch: a tuple of account and password is wanted, not a tuple of 4",
    ]
    assert isinstance(results[2], dict)


def test_it_tells_names_and_no_values() -> None:
    attributes = {"phone": "555-1234", "city": "Austin"}
    context = pwseal.Context("abby", account_attributes=attributes, dictionary=b"qwerty")
    assert repr(context) == (
        "<pwseal.Context of account_id and account_attributes phone, city and dictionary>"
    )
    assert repr(pwseal.Context()) == "<pwseal.Context of nothing>"
    assert context.account_attributes == attributes and context.identity_attributes == {}
    assert context.account_id == "abby" and context.display_name is None
    assert context.dictionary == pwseal.Dictionary.parse("qwerty")
    turned = pwseal.Context(
        "abby", account_attributes=dict(reversed(attributes.items())), dictionary="qwerty"
    )
    assert turned == context and hash(turned) == hash(context)
    assert pwseal.Context("abby", identity_attributes=attributes, dictionary="qwerty") != context


def test_an_exchange_refuses_what_the_policy_refuses(strict: pwseal.PasswordInfo) -> None:
    class Answer:
        status_code = 200
        content = strict.to_json().encode()

    exchange = pwseal.Exchange(pwseal.Api("v2026", "acme"), lambda _: Answer(), "token")
    with pytest.raises(pwseal.PolicyError):
        exchange.set_password("Abby", "My-AD", PASSWORD, context=WORDS)
