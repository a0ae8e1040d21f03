"""The official SDK is the client of a server on this machine, which decrypts: query, check,
encrypt, set, status."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pwseal
import pytest
from loopback import TOKEN, Server
from sailpoint import ApiClient, Configuration, ConfigurationParams
from sailpoint.exceptions import ApiException
from sailpoint.password_management import PasswordManagementApi
from sailpoint.password_management.models import (
    PasswordChangeRequest,
    PasswordInfo,
    PasswordInfoQueryDTO,
)
from sailpoint.password_policies.models import PasswordPolicyV3Dto

@pytest.fixture
def sdk(server: Server) -> Iterator[PasswordManagementApi]:
    parameters = ConfigurationParams()
    parameters.base_url = f"http://127.0.0.1:{server.server_port}"
    parameters.access_token = TOKEN
    client = ApiClient(Configuration(parameters))
    yield PasswordManagementApi(client)
    client.rest_client.pool_manager.clear()


def test_a_password_is_set_with_the_sdk_as_client(
    sdk: PasswordManagementApi, server: Server
) -> None:
    query = PasswordInfoQueryDTO(user_name="Abby.Smith", source_name="My-AD")
    answer = sdk.query_password_info_v1(query)
    assert isinstance(answer, PasswordInfo)

    info = pwseal.PasswordInfo.from_json(answer)
    report = info.check("correct horse 7", account="abby.admin")
    assert report.all_passed and not report.has_violation

    body = info.change_request("correct horse 7", account="abby.admin")
    ordered = sdk.set_password_v1(PasswordChangeRequest.from_dict(body))
    assert server.passwords == [("1002", b"correct horse 7")]

    poll = pwseal.StatusPoll()
    status = sdk.get_password_change_status_v1(ordered.request_id)
    assert (status.state, poll.delay(0)) == ("IN_PROGRESS", 1)
    assert sdk.get_password_change_status_v1(ordered.request_id).state == "FINISHED"


def test_the_lines_of_the_readme_do_it(sdk: PasswordManagementApi, server: Server) -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text()
    lines = readme.split("official SDK")[1].split("```python\n")[1].split("```")[0]
    query = PasswordInfoQueryDTO(user_name="Abby.Smith", source_name="My-AD")
    exec(lines, {**globals(), "api": sdk, "query": query})
    account = "CN=Abby Smith,OU=Austin,OU=Americas,OU=Demo,DC=seri,DC=acme,DC=com"
    assert server.passwords == [(account, b"correct horse 7")]


def test_the_model_takes_the_dict_as_it_is(info: pwseal.PasswordInfo) -> None:
    body = info.change_request("hunter2")
    model = PasswordChangeRequest.from_dict(body)
    assert model.to_dict() == body


def test_every_form_of_the_answer_gives_the_same(
    sdk: PasswordManagementApi, info_json: str
) -> None:
    query = PasswordInfoQueryDTO(user_name="Abby.Smith", source_name="My-AD")
    model = sdk.query_password_info_v1(query)
    raw = sdk.query_password_info_v1_without_preload_content(query)
    infos = [
        pwseal.PasswordInfo.from_json(model),
        pwseal.PasswordInfo.from_json(model.to_dict()),
        pwseal.PasswordInfo.from_json(model.to_json()),
        pwseal.PasswordInfo.from_response(raw.status, raw.read(), raw.headers),
        pwseal.PasswordInfo.from_response(sdk.query_password_info_v1_with_http_info(query)),
        pwseal.PasswordInfo.from_response(sdk.query_password_info_v1_without_preload_content(query)),
    ]
    assert {info.key.fingerprint for info in infos} == {infos[0].key.fingerprint}
    assert {info.identity_id for info in infos} == {json.loads(info_json)["identityId"]}
    assert {len(info.accounts) for info in infos} == {2}


def test_a_refusal_that_the_sdk_raises_can_be_read(
    sdk: PasswordManagementApi, info_json: str
) -> None:
    answer = json.loads(info_json) | {"identityId": "another"}
    body = pwseal.PasswordInfo.from_json(answer).change_request("hunter2")
    with pytest.raises(ApiException) as theirs:
        sdk.set_password_v1(PasswordChangeRequest.from_dict(body))
    parts = (theirs.value.status, theirs.value.body, theirs.value.headers)
    reads: list[Callable[[], object]] = [
        lambda: pwseal.PasswordChangeResponse.from_response(*parts),
        lambda: pwseal.PasswordChangeResponse.from_response(theirs.value),
    ]
    for read in reads:
        with pytest.raises(pwseal.ApiError) as ours:
            read()
        assert (ours.value.status, ours.value.detail_code) == (400, "400.1 Bad Request Content")


def test_its_model_of_a_state_says_what_to_do_next(sdk: PasswordManagementApi) -> None:
    poll = pwseal.StatusPoll()
    assert poll.next(60, sdk.get_password_change_status_v1("089899f13a8f")).after == 6
    finished = sdk.get_password_change_status_v1_with_http_info("089899f13a8f")
    assert poll.next(60, finished).outcome == "finished"
    assert pwseal.PasswordStatus.from_json(finished.data).state == "FINISHED"


def test_the_sdk_s_model_of_a_policy_is_read() -> None:
    model = PasswordPolicyV3Dto.from_dict(
        {"name": "Example", "minLength": 8, "maxRepeatedChars": -1, "dateCreated": 1639056206564}
    )
    assert pwseal.Policy.from_dto(model).rules == ["minLength is 8"]
