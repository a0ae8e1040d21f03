"""HTTP clients send the requests as they are, and their responses are read as they are."""

import asyncio
import http.client
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pwseal
import pytest
import requests
from loopback import TOKEN, Server

Send = Callable[[pwseal.Request], Any]


def with_requests(request: pwseal.Request) -> requests.Response:
    return requests.request(
        request.method, request.url, headers=request.headers, data=request.body, timeout=60
    )


def with_httpx(request: pwseal.Request) -> httpx.Response:
    with httpx.Client() as client:
        return client.request(
            request.method, request.url, headers=request.headers, content=request.body
        )


def with_urllib(request: pwseal.Request) -> Any:
    theirs = urllib.request.Request(
        request.url, data=request.body, headers=request.headers, method=request.method
    )
    try:
        return urllib.request.urlopen(theirs, timeout=60)
    except urllib.error.HTTPError as error:
        return error


def with_http_client(request: pwseal.Request) -> http.client.HTTPResponse:
    url = urlsplit(request.url)
    connection = http.client.HTTPConnection(url.netloc, timeout=60)
    connection.request(request.method, url.path, request.body, request.headers)
    return connection.getresponse()


CLIENTS = [with_requests, with_httpx, with_urllib, with_http_client]


@pytest.fixture
def api(server: Server) -> pwseal.Api:
    return pwseal.Api.at("v1", f"http://127.0.0.1:{server.server_port}")


# urllib and http.client close a response when it is collected, and say so.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("send", CLIENTS)
def test_responses_are_read_as_they_are(api: pwseal.Api, server: Server, send: Send) -> None:
    query = api.query_password_info("Abby.Smith", "My-AD", token=TOKEN)
    info = pwseal.PasswordInfo.from_response(send(query))
    assert len(info.accounts) == 2
    order = api.set_password(info, "correct horse 7", info.accounts[1], token=TOKEN)
    ordered = pwseal.PasswordChangeResponse.from_response(send(order))
    assert server.passwords == [("1002", b"correct horse 7")]
    assert ordered.request_id is not None
    poll = pwseal.StatusPoll()
    ask = api.password_change_status(ordered.request_id, token=TOKEN)
    assert poll.next(60, send(ask)).after == 6
    assert pwseal.PasswordStatus.from_response(send(ask)).state == "FINISHED"
    assert poll.next(60, send(ask)).outcome == "finished"

    for token, status in [(None, 401), (TOKEN, 404)]:
        unknown = api.password_change_status("unknown", token=token)
        with pytest.raises(pwseal.ApiError) as raised:
            pwseal.PasswordStatus.from_response(send(unknown))
        assert raised.value.status == status
        assert any([*raised.value.messages, raised.value.detail_code])
    server.busy = 1
    with pytest.raises(pwseal.ApiError) as raised:
        pwseal.PasswordInfo.from_response(send(query))
    assert (raised.value.status, raised.value.retry_after) == (429, 3)


def test_what_is_no_response_is_a_type_error(info_json: str) -> None:
    read: Any = pwseal.PasswordInfo.from_response
    wanted = "^an HTTP status or the response of an HTTP client is wanted, not "
    for given in [None, "200", info_json, object(), {"status": 200}]:
        with pytest.raises(TypeError, match=wanted):
            read(given)
    with pytest.raises(TypeError, match="^a status wants a body beside it"):
        read(200)
    with pytest.raises(TypeError, match="^a response has its body and headers itself"):
        read(httpx.Response(200, text=info_json), b"")

    class Awaited:
        status = 200

        async def read(self) -> bytes:
            return info_json.encode()

    with pytest.raises(TypeError, match="^the body must be awaited: give status, body and headers"):
        read(Awaited())
    assert read(httpx.Response(200, text=info_json)) == pwseal.PasswordInfo.from_json(info_json)


def test_a_message_alone_is_an_answer_to_a_poll() -> None:
    poll = pwseal.StatusPoll()
    forms: list[Any] = [
        {"state": "FAILED", "errors": ["too short"]},
        '{"state": "FAILED", "errors": ["too short"]}',
        pwseal.PasswordStatus.from_json({"state": "FAILED", "errors": ["too short"]}),
    ]
    for form in forms:
        assert poll.next(60, form) == pwseal.Next("failed", None, ["too short"], None)


class Slept(list[float]):
    """Waits no time, and says how long it should have been."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)

    async def in_asyncio(self, seconds: float) -> None:
        self.append(seconds)
        await asyncio.sleep(0)


def in_asyncio(send: Send) -> Callable[[pwseal.Request], Awaitable[Any]]:
    return lambda request: asyncio.to_thread(send, request)


def run(
    kind: str,
    api: pwseal.Api,
    send: Send,
    slept: Slept,
    password: str | bytearray = "correct horse 7",
    **options: Any,
) -> pwseal.Next:
    arguments: Any = ("Abby.Smith", "My-AD", password, "1002")
    if kind == "sync":
        exchange = pwseal.Exchange(api, send, TOKEN, sleep=slept, **options)
        return exchange.set_password(*arguments, wipe=isinstance(password, bytearray))
    asynchronous = pwseal.AsyncExchange(
        api, in_asyncio(send), TOKEN, sleep=slept.in_asyncio, **options
    )
    return asyncio.run(
        asynchronous.set_password(*arguments, wipe=isinstance(password, bytearray))
    )


both = pytest.mark.parametrize("kind", ["sync", "async"])


@both
def test_an_exchange_does_all_of_it(kind: str, api: pwseal.Api, server: Server) -> None:
    slept = Slept()
    password = bytearray(b"correct horse 7")
    end = run(kind, api, with_requests, slept, password)
    assert end == pwseal.Next("finished", None, [], None)
    assert server.passwords == [("1002", b"correct horse 7")]
    assert slept == [1.0, 1.0] and password == bytes(15)


@both
def test_what_gets_429_is_sent_again(kind: str, api: pwseal.Api, server: Server) -> None:
    server.busy = 2
    slept = Slept()
    assert run(kind, api, with_requests, slept).outcome == "finished"
    assert server.passwords == [("1002", b"correct horse 7")]
    # Twice before each of four requests, and once before each of two polls.
    assert slept == [3.0, 3.0, 3.0, 3.0, 1.0, 3.0, 3.0, 1.0, 3.0, 3.0]


@both
def test_patience_ends(kind: str, api: pwseal.Api, server: Server) -> None:
    server.busy = 100
    with pytest.raises(pwseal.ApiError) as raised:
        run(kind, api, with_requests, Slept(), poll=pwseal.StatusPoll(patience=10))
    assert raised.value.status == 429 and server.refused == 4


@both
def test_an_order_that_may_have_been_taken_is_not_repeated(
    kind: str, api: pwseal.Api, server: Server
) -> None:
    def send(request: pwseal.Request) -> Any:
        response = with_requests(request)
        return httpx.Response(503) if "set-password" in request.url else response

    with pytest.raises(pwseal.ApiError, match="whether it was carried out is not known"):
        run(kind, api, send, Slept())
    assert len(server.passwords) == 1

    def lose(request: pwseal.Request) -> Any:
        if "set-password" in request.url:
            raise ConnectionResetError
        return with_requests(request)

    with pytest.raises(ConnectionResetError):
        run(kind, api, lose, Slept())


@both
def test_a_query_is_sent_again_after_an_error_that_may_pass(
    kind: str, api: pwseal.Api, server: Server
) -> None:
    answers = iter([httpx.Response(503), httpx.Response(502, headers={"Retry-After": "4"})])

    def send(request: pwseal.Request) -> Any:
        return next(answers, None) or with_requests(request)

    slept = Slept()
    assert run(kind, api, send, slept).outcome == "finished"
    assert slept[:2] == [10.0, 4.0]


@both
def test_a_status_that_got_no_answer_is_asked_for_again(
    kind: str, api: pwseal.Api, server: Server
) -> None:
    lost = 0

    def send(request: pwseal.Request) -> Any:
        nonlocal lost
        if request.method == "GET" and lost < 3:
            lost += 1
            raise httpx.ConnectError("lost")
        return with_requests(request)

    with pytest.raises(httpx.ConnectError):
        run(kind, api, send, Slept())
    lost = 0
    slept = Slept()
    assert run(kind, api, send, slept, lost=(httpx.TransportError,)).outcome == "finished"
    assert len(slept) >= 4


@both
def test_the_ends_of_an_exchange(kind: str, api: pwseal.Api, server: Server) -> None:
    def send_instead(status: httpx.Response, order: httpx.Response | None = None) -> Send:
        def send(request: pwseal.Request) -> Any:
            if request.method == "GET":
                return status
            if order is not None and "set-password" in request.url:
                return order
            return with_requests(request)

        return send

    failed = httpx.Response(200, json={"state": "FAILED", "errors": ["too short"]})
    assert run(kind, api, send_instead(failed), Slept()).reasons == ["too short"]
    refused = run(kind, api, send_instead(httpx.Response(401)), Slept())
    assert refused.outcome == "refused" and refused.error is not None
    # Nobody can ask for the end of such a change.
    for answer in [{"state": "IN_PROGRESS"}, {"requestId": ""}, {"requestId": " "}, {"requestId": ".."}]:
        without_id = httpx.Response(202, json=answer)
        end = run(kind, api, send_instead(failed, without_id), Slept())
        assert end.outcome == "timed_out", answer


@both
def test_a_server_that_wants_it_at_once_is_not_asked_without_end(
    kind: str, api: pwseal.Api, server: Server
) -> None:
    at_once = httpx.Response(429, headers={"Retry-After": "0"})
    slept = Slept()
    with pytest.raises(pwseal.ApiError):
        run(kind, api, lambda _: at_once, slept, poll=pwseal.StatusPoll(patience=10))
    assert slept == [1.0] * 10


def test_what_the_callers_functions_raise_is_no_end_of_the_exchange(api: pwseal.Api) -> None:
    answers = iter([httpx.Response(503)])
    exchange = pwseal.Exchange(api, lambda _: next(answers), TOKEN, sleep=Slept())
    with pytest.raises(StopIteration):
        exchange.set_password("Abby.Smith", "My-AD", "horse 7", "1002")


def test_a_token_may_be_renewed(api: pwseal.Api, server: Server) -> None:
    asked = 0

    def token() -> str:
        nonlocal asked
        asked += 1
        return TOKEN

    exchange = pwseal.Exchange(api, with_requests, token, sleep=Slept())
    assert exchange.set_password("Abby.Smith", "My-AD", "horse 7", "1002").outcome == "finished"
    assert asked == 4


README = (Path(__file__).parents[1] / "README.md").read_text()


def example(word: str) -> str:
    """The first example of the README that has this word."""
    blocks = [block.split("```")[0] for block in README.split("```python\n")[1:]]
    return next(block for block in blocks if word in block and ">>> " not in block)


def one_account(server: Server) -> None:
    server.info["accounts"].pop()


def test_the_example_with_requests(
    api: pwseal.Api, server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    one_account(server)
    names: dict[str, Any] = {"pwseal": pwseal, "requests": requests, "api": api, "token": TOKEN}
    exec(example("requests.request"), names)
    assert capsys.readouterr().out == "finished [] None\n"
    assert [password for _, password in server.passwords] == [b"correct horse 7"]


def test_the_example_with_httpx(api: pwseal.Api, server: Server) -> None:
    one_account(server)
    names: dict[str, Any] = {"pwseal": pwseal, "httpx": httpx, "api": api, "token": TOKEN}
    exec(example("httpx.AsyncClient"), names)

    async def main() -> pwseal.Next:
        async with httpx.AsyncClient() as client:
            end: pwseal.Next = await names["change"](client)
            return end

    assert asyncio.run(main()).outcome == "finished"
    assert [password for _, password in server.passwords] == [b"correct horse 7"]
