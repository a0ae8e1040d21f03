import base64
import json
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from email.message import Message
from typing import Any

import pwseal
import pytest

TOKEN = "eyJhbGciOi.J9.c2ln"


@pytest.fixture
def api() -> pwseal.Api:
    return pwseal.Api("v2026", "acme")


def test_the_four_requests_are_those_of_the_api(api: pwseal.Api, info: pwseal.PasswordInfo) -> None:
    base = "https://acme.api.identitynow.com/v2026"
    query = api.query_password_info("Abby.Smith", "My-AD")
    assert (query.method, query.url) == ("POST", f"{base}/query-password-info")
    assert query.headers == {"accept": "application/json", "content-type": "application/json"}
    assert query.body is not None
    assert json.loads(query.body) == {"userName": "Abby.Smith", "sourceName": "My-AD"}

    change = api.set_password(info, "hunter2")
    assert (change.method, change.url) == ("POST", f"{base}/set-password")
    assert change.headers == query.headers

    status = api.password_change_status("08/98")
    assert (status.method, status.url) == ("GET", f"{base}/password-change-status/08%2F98")
    assert status.headers == {"accept": "application/json"}
    assert status.body is None

    token = api.generate_digit_token("Abby.Smith", length=8, duration_minutes=5)
    assert (token.method, token.url) == ("POST", f"{base}/generate-password-reset-token/digit")
    assert token.headers == query.headers | {"x-sailpoint-experimental": "true"}
    assert token.body is not None
    assert json.loads(token.body) == {"userId": "Abby.Smith", "length": 8, "durationMinutes": 5}


def test_a_request_to_set_a_password_holds_it_encrypted(
    api: pwseal.Api, info: pwseal.PasswordInfo, decrypt: Callable[[bytes], bytes]
) -> None:
    request = api.set_password(info, bytearray(b"hunter2"), "Abby.Smith")
    assert request.body is not None
    body = json.loads(request.body)
    assert decrypt(base64.b64decode(body["encryptedPassword"])) == b"hunter2"
    expected = info.change_request("hunter2")
    assert body | {"encryptedPassword": ""} == expected | {"encryptedPassword": ""}
    with pytest.raises(pwseal.PolicyError):
        api.set_password(info, "zzzz")
    assert api.set_password(info, "zzzz", check_policy=False).body
    with pytest.raises(pwseal.AccountError):
        api.set_password(info, "hunter2", account="nobody")


def test_a_body_that_was_made_before_is_sent_as_it_is(
    api: pwseal.Api, info: pwseal.PasswordInfo
) -> None:
    text = info.change_request_json("hunter2")
    for body in [text, text.encode(), json.loads(text), json.loads(text) | {"more": 1}]:
        request = api.set_password_body(body, token=TOKEN)
        assert request.body == text.encode()
        assert request.headers["authorization"] == f"Bearer {TOKEN}"
    line = {"id": 1, "request": json.loads(text)}
    for wrong, message in [
        (json.loads(text) | {"encryptedPassword": "hunter2"}, "encryptedPassword"),
        (json.loads(text) | {"accountId": None}, "has no accountId"),
        (line, "In a line of pwseal bulk it is the field request"),
    ]:
        with pytest.raises(pwseal.Error, match=message) as raised:
            api.set_password_body(wrong)
        assert "hunter" not in str(raised.value)


def test_a_token_becomes_a_header_and_is_not_shown(
    api: pwseal.Api, info: pwseal.PasswordInfo
) -> None:
    for request in [
        api.query_password_info("Abby.Smith", "My-AD", token=TOKEN),
        api.set_password(info, "hunter2", token=TOKEN),
        api.password_change_status("0898", token=TOKEN),
        api.generate_digit_token("Abby.Smith", token=TOKEN),
    ]:
        assert request.headers["authorization"] == f"Bearer {TOKEN}"
        assert TOKEN not in repr(request)
    with pytest.raises(pwseal.Error, match="at byte 18: is there a line break") as raised:
        api.query_password_info("Abby.Smith", "My-AD", token=TOKEN + "\n")
    assert TOKEN not in str(raised.value)


def test_headers_can_be_added(api: pwseal.Api) -> None:
    request = api.password_change_status("0898")
    request.headers["user-agent"] = "acme/1"
    assert request.headers["user-agent"] == "acme/1"
    assert "user-agent" not in api.password_change_status("0898").headers


def test_a_client_takes_the_parts_as_they_are(api: pwseal.Api) -> None:
    ours = api.query_password_info("Abby.Smith", "My-AD")
    theirs = urllib.request.Request(
        ours.url, data=ours.body, headers=ours.headers, method=ours.method
    )
    assert theirs.get_method() == "POST"
    assert theirs.get_header("Content-type") == "application/json"


def test_the_newest_layout_has_the_version_behind() -> None:
    api = pwseal.Api.at("v1", "https://identity.acme.com/proxy/")
    assert api.query_password_info("a", "b").url == (
        "https://identity.acme.com/proxy/query-password-info/v1"
    )


def test_what_makes_no_request_is_explained(api: pwseal.Api) -> None:
    calls: list[tuple[Callable[[], object], str]] = [
        (lambda: pwseal.Api("v3", "acme.com"), "the tenant is no label of a host name"),
        (lambda: pwseal.Api.at("v3", "http://acme.com"), "it is without encryption: use https"),
        (lambda: pwseal.Api("v9", "acme"), "take one of beta, v3, v2024, v2025, v2026, v1"),  # type: ignore[arg-type]
        (lambda: api.password_change_status(""), "the request id is empty"),
        (
            lambda: api.generate_digit_token("a", length=5),
            "a digit token has 6 to 18 digits, not 5",
        ),
        (lambda: api.generate_digit_token("a", length=300), "has 6 to 18 digits"),
        (lambda: api.generate_digit_token("a", length=-1), "has 6 to 18 digits"),
        (lambda: api.generate_digit_token("a", duration_minutes=2**70), "for 1 to 60 minutes"),
        (lambda: pwseal.StatusPoll(changes=-1), "changes are a number from 1 to"),
        (lambda: pwseal.StatusPoll(changes=0), "changes are a number from 1 to"),
        (lambda: pwseal.StatusPoll(changes=2**32), "changes are a number from 1 to"),
        (lambda: api.query_password_info("", "a"), "the userName of the request is empty"),
        (lambda: api.query_password_info("a", " "), "the sourceName of the request is empty"),
        (lambda: api.generate_digit_token(""), "the userId of the request is empty"),
        (lambda: api.query_password_info("a", "b", token="Bearer x"), "which is added here"),
        (lambda: pwseal.Api.at("v3", "https://a.com/v3"), "ends with a version of the API"),
        (lambda: pwseal.Api("v3", "acme").generate_digit_token("a"), "v3 of the API has no"),
    ]
    for call, message in calls:
        with pytest.raises(pwseal.Error) as raised:
            call()
        assert message in str(raised.value)


def test_each_answer_has_its_one_success(info_json: str) -> None:
    pairs: list[tuple[Callable[[int, str], object], int, str]] = [
        (pwseal.PasswordInfo.from_response, 200, "query-password-info"),
        (pwseal.PasswordChangeResponse.from_response, 202, "set-password"),
        (pwseal.PasswordStatus.from_response, 200, "password-change-status"),
        (pwseal.DigitToken.from_response, 200, "generate-password-reset-token"),
    ]
    for from_response, success, operation in pairs:
        from_response(success, info_json)
        with pytest.raises(pwseal.ApiError, match=f"only {success} .* means success") as raised:
            from_response(201, info_json)
        assert (raised.value.operation, raised.value.status) == (operation, 201)
        with pytest.raises(pwseal.ApiError, match="but JSON that is cut off"):
            from_response(success, "{")


def test_the_messages_have_the_names_of_the_api() -> None:
    ordered = pwseal.PasswordChangeResponse.from_response(202, b'{"requestId": null}')
    assert (ordered.request_id, ordered.state) == (None, None)
    body = {
        "requestId": "0898",
        "state": "FINISHED",
        "errors": ["The password change payload is invalid"],
        "sourceIds": ["2c91808382ffee0b01830de154f14034"],
    }
    status = pwseal.PasswordStatus.from_response(200, json.dumps(body))
    assert (status.request_id, status.state) == ("0898", "FINISHED")
    assert (status.errors, status.source_ids) == (body["errors"], body["sourceIds"])
    assert pwseal.PasswordStatus.from_response(200, '{"state": "LOST"}').state == "LOST"
    token = pwseal.DigitToken.from_response(200, '{"digitToken": 9087713, "requestId": "1"}')
    assert (token.digit_token, token.request_id) == ("9087713", "1")
    assert "9087713" not in repr(token)


def test_a_refusal_has_what_a_caller_acts_on() -> None:
    body = {
        "detailCode": "400.1 Bad Request Content",
        "trackingId": "e7eab60924f64aa284175b9fa3309599",
        "messages": [{"locale": "en-US", "text": "The request was syntactically correct but"}],
    }
    with pytest.raises(pwseal.ApiError, match=": The request was syntactically") as raised:
        pwseal.PasswordStatus.from_response(400, json.dumps(body))
    error = raised.value
    assert (error.operation, error.status) == ("password-change-status", 400)
    assert (error.detail_code, error.tracking_id) == (body["detailCode"], body["trackingId"])
    assert (error.retryable, error.retry_after) == (False, None)
    assert error.messages == (("en-US", "The request was syntactically correct but"),)
    assert error.causes == ()

    with pytest.raises(pwseal.ApiError, match="its body not the API's: \"<html>") as raised:
        pwseal.PasswordStatus.from_response(502, b"<html>")
    assert (raised.value.retryable, raised.value.detail_code) == (True, None)
    assert (raised.value.messages, raised.value.causes) == ((), ())


def test_an_error_has_all_texts_of_the_server_in_full() -> None:
    long = "word " * 500 + "x" * 344
    body = {
        "messages": [{"locale": "en-US", "text": long}, {"locale": "de", "text": "Nein"}, {}],
        "causes": [{"text": long}, {"localeOrigin": "DEFAULT", "text": "Warum"}],
    }
    with pytest.raises(pwseal.ApiError) as raised:
        pwseal.PasswordStatus.from_response(400, json.dumps(body))
    assert raised.value.messages == (("en-US", long), ("de", "Nein"))
    assert raised.value.causes == ((None, long), (None, "Warum"))
    assert "x" * 344 not in str(raised.value)
    for status, name in [(401, "error"), (429, "message")]:
        with pytest.raises(pwseal.ApiError) as raised:
            pwseal.PasswordStatus.from_response(status, json.dumps({name: "no"}))
        assert raised.value.messages == ((None, "no"),)


def test_any_clients_headers_will_do() -> None:
    of_urllib = Message()
    of_urllib["Retry-After"] = "7"
    dated = {
        "date": "Sun, 06 Nov 1994 08:49:37 GMT",
        "retry-after": "Sun, 06 Nov 1994 08:49:47 GMT",
    }
    kinds: list[tuple[Mapping[str, str] | Mapping[bytes, bytes] | Message, float | None]] = [
        ({"RETRY-AFTER": "2"}, 2),
        (of_urllib, 7),
        (dated, 10),
        ({b"RETRY-AFTER": b"2"}, 2),
        ({}, None),
    ]
    for headers, seconds in kinds:
        with pytest.raises(pwseal.ApiError) as raised:
            pwseal.PasswordInfo.from_response(429, "", headers)
        assert raised.value.retry_after == seconds
        assert raised.value.retryable
    for wrong in ["Retry-After: 2", [("Retry-After", "2")], 7]:
        with pytest.raises(TypeError, match="^a mapping of headers is wanted, not "):
            pwseal.PasswordInfo.from_response(429, "", wrong)  # type: ignore[call-overload]


@pytest.mark.parametrize("numbers", [("7", "30"), ("30", "7")])
def test_of_several_headers_the_largest_number_counts(numbers: tuple[str, str]) -> None:
    headers = Message()
    for number in numbers:
        headers["Retry-After"] = number
    with pytest.raises(pwseal.ApiError) as raised:
        pwseal.PasswordInfo.from_response(429, "", headers)
    assert raised.value.retry_after == 30


# Latin-1 that a client has read as UTF-8, a byte of no text, and what is neither text nor bytes.
@pytest.mark.parametrize("odd", ["caf\udce9", b"caf\xe9", "\n", None, -7, 7.5])
def test_an_odd_header_is_passed_over(odd: Any) -> None:
    headers: dict[Any, Any] = {odd: odd, "x-organization": odd, "Retry-After": "3"}
    with pytest.raises(pwseal.ApiError) as raised:
        pwseal.PasswordInfo.from_response(429, "", headers)
    assert raised.value.retry_after == 3
    for name in ["Retry-After", "date"]:
        with pytest.raises(pwseal.ApiError) as raised:
            pwseal.PasswordInfo.from_response(429, "", {name: odd})
        assert raised.value.retry_after is None


def test_a_header_may_be_a_number() -> None:
    with pytest.raises(pwseal.ApiError) as raised:
        pwseal.PasswordInfo.from_response(429, "", {"Retry-After": 7})
    assert raised.value.retry_after == 7


def test_an_error_of_the_headers_comes_through() -> None:
    class Headers:
        def items(self) -> Iterator[tuple[str, str]]:
            yield "server", "x"
            raise LookupError("of the headers")

    with pytest.raises(LookupError, match="^of the headers"):
        pwseal.PasswordInfo.from_response(429, "", Headers())


def test_a_status_is_a_number_of_three_digits() -> None:
    for status in [0, 99, 1000, 99999, -1, 2**70]:
        with pytest.raises(pwseal.Error, match="^the status is no HTTP status"):
            pwseal.PasswordInfo.from_response(status, "{}")
    with pytest.raises(TypeError):
        pwseal.PasswordInfo.from_response("200", "{}")  # type: ignore[call-overload]


def test_the_poll_says_what_to_do_next() -> None:
    poll = pwseal.StatusPoll()
    assert (poll.delay(0), poll.delay(60), poll.delay(1e6)) == (1, 6, 300)
    assert pwseal.StatusPoll(changes=100).delay(0) == 20

    again = poll.next(60, 200, '{"state": "IN_PROGRESS"}')
    assert (again.outcome, again.after, again.reasons, again.error) == ("ask_again", 6, [], None)
    assert poll.next(60, 429, "", {"Retry-After": "30"}).after == 30
    assert poll.next(60, 200, '{"state": "FINISHED"}').outcome == "finished"
    failed = poll.next(60, 200, '{"state": "FAILED", "errors": ["no such account"]}')
    assert (failed.outcome, failed.after, failed.reasons) == ("failed", None, ["no such account"])
    refused = poll.next(60, 401, '{"error": "JWT validation failed"}')
    assert refused.outcome == "refused"
    assert isinstance(refused.error, pwseal.ApiError)
    assert refused.error.status == 401
    patient = pwseal.StatusPoll(patience=50)
    late = patient.next(60, 200, '{"state": "IN_PROGRESS"}')
    assert (late.outcome, late.error) == ("timed_out", None)
    uncounted = [
        (poll.next(60, 200, "<html>"), "ask_again", 200),
        (patient.next(60, 503, ""), "timed_out", 503),
    ]
    for answer, outcome, status in uncounted:
        assert answer.outcome == outcome
        assert isinstance(answer.error, pwseal.ApiError)
        assert answer.error.status == status
    partly = poll.next(60, 200, '{"state": "FINISHED", "errors": ["one was not reachable"]}')
    assert (partly.outcome, partly.reasons) == ("finished", ["one was not reachable"])
    assert repr(again) == "<pwseal.Next ask_again after 6 s>"


@pytest.mark.parametrize("seconds", [-1, float("nan"), float("inf"), 1e300, 10**400])
def test_a_time_that_is_none_is_an_error(seconds: float) -> None:
    message = "^a time is a number of seconds from 0 to 1e19$"
    with pytest.raises(pwseal.Error, match=message):
        pwseal.StatusPoll().delay(seconds)
    with pytest.raises(pwseal.Error, match=message):
        pwseal.StatusPoll().next(seconds, 200, "{}")
    if seconds != float("inf"):
        with pytest.raises(pwseal.Error, match=message):
            pwseal.StatusPoll(patience=seconds)


def test_patience_may_have_no_end() -> None:
    poll = pwseal.StatusPoll(patience=float("inf"))
    assert poll.next(1e9, 200, '{"state": "IN_PROGRESS"}').after == 300
