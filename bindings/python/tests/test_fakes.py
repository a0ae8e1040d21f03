"""Objects that a test of a user's own code makes without a server."""

from typing import Any

import pwseal
import pytest


def test_a_password_info_is_made_of_its_fields(info: pwseal.PasswordInfo) -> None:
    made = pwseal.PasswordInfo(
        identity_id=info.identity_id,
        source_id=info.source_id,
        public_key_id=info.public_key_id,
        public_key=info.key,
        accounts=info.accounts,
        policies=info.policy.rules,
    )
    assert made == info
    text = info.to_dict()["publicKey"]
    assert pwseal.PasswordInfo(public_key=text).key == info.key
    assert pwseal.PasswordInfo() == pwseal.PasswordInfo.from_json({"accounts": []})
    assert pwseal.PasswordInfo(policies=[]) != pwseal.PasswordInfo()
    with pytest.raises(pwseal.InputError):
        made_without_key = pwseal.PasswordInfo(identity_id="1")
        made_without_key.change_request("correct horse 7")


WRONG: list[dict[str, Any]] = [
    {"identity_id": 7},
    {"public_key": b"MII"},
    {"public_key": 7},
    {"accounts": ["Abby.Smith"]},
    {"accounts": "Abby.Smith"},
    {"policies": "passwordMinLength is 8"},
    {"policies": [7]},
    {"policy": []},
]


@pytest.mark.parametrize("fields", WRONG)
def test_a_field_of_a_wrong_type_is_a_type_error(fields: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        pwseal.PasswordInfo(**fields)


def test_answers_are_made_of_their_fields() -> None:
    ordered = pwseal.PasswordChangeResponse("0898", "IN_PROGRESS")
    assert ordered == pwseal.PasswordChangeResponse.from_json(
        {"requestId": "0898", "state": "IN_PROGRESS"}
    )
    assert pwseal.PasswordChangeResponse().request_id is None
    failed = pwseal.PasswordStatus("0898", "FAILED", ["too short"], ["2c91"])
    assert failed == pwseal.PasswordStatus.from_json(failed.to_dict())
    assert pwseal.StatusPoll().next(60, failed) == pwseal.Next("failed", reasons=["too short"])
    with pytest.raises(TypeError):
        pwseal.PasswordStatus(errors="too short")
    token = pwseal.DigitToken("09087713", "0898")
    assert (token.digit_token, token.request_id) == ("09087713", "0898")
    assert "0908" not in repr(token)


def test_a_report_is_made_of_findings() -> None:
    report = pwseal.Report([pwseal.Finding("passwordMinLength is 8", "violated")])
    assert report.has_violation and report.violations[0].message == ""
    assert pwseal.Report().all_passed
    assert pwseal.Report.from_json(report.to_json()) == report
    warned = pwseal.Report(warnings=[pwseal.PasswordWarning("a blank", "trailing-white-space")])
    assert warned.warnings[0].kind == "trailing-white-space"
    findings: list[Any] = [[7], "x", 7]
    for wrong in findings:
        with pytest.raises(TypeError):
            pwseal.Report(wrong)


def test_a_request_is_made_of_its_parts() -> None:
    request = pwseal.Request("POST", "https://acme.test", {"accept": "*/*"}, b"{}")
    assert (request.method, request.url, request.body) == ("POST", "https://acme.test", b"{}")
    request.headers["x"] = "y"
    assert request.headers == {"accept": "*/*", "x": "y"}
    other = pwseal.Request("GET", "https://acme.test")
    assert (other.headers, other.body, other.warnings) == ({}, None, [])
    with pytest.raises(TypeError):
        pwseal.Request("POST", "https://acme.test", body="{}")  # type: ignore[arg-type]


def test_an_error_is_made_with_what_it_says() -> None:
    error = pwseal.ApiError("the answer to set-password is 429")
    assert error.status == 0 and error.retry_after is None
    error.status, error.retryable = 429, True
    assert (error.status, error.retryable) == (429, True)
