"""The whole exchange with the API, over an HTTP client of the caller's."""

import time

from ._errors import ApiError
from ._pwseal import PasswordChangeResponse, PasswordInfo, StatusPoll
from ._pwseal import Next as _Next

# To import typing takes longer than all of pwseal. Type checkers know this name.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator
    from typing import Any, NoReturn, TypeAlias

    from typing_extensions import Buffer

    from ._pwseal import Api, Context, Next, PasswordInfoAccount, Request

    # A request to be sent, whose response comes back, or seconds to wait.
    _Steps: TypeAlias = Generator[Request | float, Any, Next]

# How long to wait if the server does not say: the window of its rate limit.
_WAIT = 10.0


def _advance(how: "Callable[[Any], Any]", what: object) -> "tuple[Any, Next | None]":
    """Takes a step. What ends the steps is told from a StopIteration of the caller's functions, which are called elsewhere."""
    try:
        return how(what), None
    except StopIteration as end:
        return None, end.value


class _Exchange:
    """What both kinds have in common: all but sending and waiting."""

    def __init__(
        self,
        api: "Api",
        token: "str | Callable[[], str]",
        poll: StatusPoll | None,
        lost: "tuple[type[Exception], ...]",
    ) -> None:
        self._api = api
        self._token = token
        self._poll = StatusPoll() if poll is None else poll
        self._lost = lost

    def __reduce__(self) -> "NoReturn":
        name = type(self).__name__
        raise TypeError(f"cannot pickle or copy a pwseal.{name}: it may hold a token")

    def _bearer(self) -> str:
        return self._token if isinstance(self._token, str) else self._token()

    def _steps(
        self,
        user_name: str,
        source_name: str,
        password: "str | Buffer",
        account: "str | PasswordInfoAccount | None",
        options: "dict[str, Any]",
    ) -> "_Steps":
        query = self._api.query_password_info(user_name, source_name, token=self._bearer())
        info = yield from self._asked(query, PasswordInfo.from_response, is_safe=True)
        order = self._api.set_password(info, password, account, token=self._bearer(), **options)
        ordered = yield from self._asked(order, PasswordChangeResponse.from_response, is_safe=False)
        return (yield from self._waited(ordered.request_id))

    def _asked(
        self, request: "Request", read: "Callable[[Any], Any]", *, is_safe: bool
    ) -> "Generator[Request | float, Any, Any]":
        """Sends a request until its answer is no reason to send it again."""
        waited = 0.0
        while True:
            response = yield request
            try:
                return read(response)
            except ApiError as error:
                wait = _WAIT if error.retry_after is None else error.retry_after
                # A server that wants it at once must not be asked without end.
                wait = max(wait, self._poll.delay(waited))
                # After another error than 429 it is not known whether an order was taken.
                again = error.retryable if is_safe else error.status == 429
                if not again or waited + wait > self._poll.patience:
                    raise
            waited += wait
            yield wait

    def _waited(self, request_id: str | None) -> "_Steps":
        if request_id is None:  # The API may leave it out, and then nobody can ask.
            return _Next("timed_out", None, [], None)
        start = time.monotonic()
        wait = self._poll.delay(0)
        while True:
            yield wait
            request = self._api.password_change_status(request_id, token=self._bearer())
            try:
                response = yield request
            except self._lost:
                elapsed = time.monotonic() - start
                if elapsed > self._poll.patience:
                    raise
                wait = self._poll.delay(elapsed)
                continue
            answer = self._poll.next(time.monotonic() - start, response)
            if answer.after is None:
                return answer
            wait = answer.after


class Exchange(_Exchange):
    """Sets passwords over an HTTP client of yours: asks, orders, and waits for the end.

    send gets a Request, sends it without following redirects, and returns the client's response, which is as in
    PasswordInfo.from_response. token is the bearer token, or a function that returns one. poll says how long to wait.
    lost are the exceptions of send after which the status is asked for again; after any other, and before the
    change is ordered, they come through. sleep waits so many seconds.

    A request that gets 429 is sent again when the server wants it, and so is the query after an error that may pass. An
    order that may have been taken is not.

    >>> exchange = pwseal.Exchange(pwseal.Api("v2026", "acme"), your_client, "eyJhbGciOi.J9.c2ln")
    >>> exchange.set_password("Abby.Smith", "My-AD", "correct horse 7")
    <pwseal.Next finished>
    """

    def __init__(
        self,
        api: "Api",
        send: "Callable[[Request], object]",
        token: "str | Callable[[], str]",
        *,
        poll: StatusPoll | None = None,
        lost: "tuple[type[Exception], ...]" = (OSError,),
        sleep: "Callable[[float], object]" = time.sleep,
    ) -> None:
        super().__init__(api, token, poll, lost)
        self._send = send
        self._sleep = sleep

    def set_password(
        self,
        user_name: str,
        source_name: str,
        password: "str | Buffer",
        account: "str | PasswordInfoAccount | None" = None,
        check_policy: bool = True,
        *,
        context: "Context | None" = None,
        raw: bool = False,
        wipe: bool = False,
    ) -> "Next":
        """Set the password of a person, by login name, on a source, by display name.

        The other arguments are as in PasswordInfo.change_request. The password is read when the query is answered, and with
        wipe=True it is wiped then.

        Returns how it ended, as StatusPoll.next says it: finished, failed, refused or timed_out. It is timed_out
        as well if the API gives no id of the change to ask for.

        Raises what change_request raises, and ApiError for an answer without success before the change is ordered.
        """
        options = {"check_policy": check_policy, "context": context, "raw": raw, "wipe": wipe}
        steps = self._steps(user_name, source_name, password, account, options)
        step, end = _advance(next, steps)
        while end is None:
            if isinstance(step, float):
                self._sleep(step)
                step, end = _advance(steps.send, None)
                continue
            try:
                response = self._send(step)
            except self._lost as error:
                step, end = _advance(steps.throw, error)
            else:
                step, end = _advance(steps.send, response)
        return end


class AsyncExchange(_Exchange):
    """As Exchange, where send is an async function; sleep is asyncio.sleep unless another is given.

    >>> async def send(request):
    ...     return your_client(request)
    >>> exchange = pwseal.AsyncExchange(pwseal.Api("v2026", "acme"), send, "eyJhbGciOi.J9.c2ln")
    >>> asyncio.run(exchange.set_password("Abby.Smith", "My-AD", "correct horse 7"))
    <pwseal.Next finished>
    """

    def __init__(
        self,
        api: "Api",
        send: "Callable[[Request], Awaitable[object]]",
        token: "str | Callable[[], str]",
        *,
        poll: StatusPoll | None = None,
        lost: "tuple[type[Exception], ...]" = (OSError,),
        sleep: "Callable[[float], Awaitable[object]] | None" = None,
    ) -> None:
        super().__init__(api, token, poll, lost)
        self._send = send
        self._sleep = sleep

    async def set_password(
        self,
        user_name: str,
        source_name: str,
        password: "str | Buffer",
        account: "str | PasswordInfoAccount | None" = None,
        check_policy: bool = True,
        *,
        context: "Context | None" = None,
        raw: bool = False,
        wipe: bool = False,
    ) -> "Next":
        """As Exchange.set_password."""
        # It takes longer to import than all of pwseal.
        import asyncio

        sleep = asyncio.sleep if self._sleep is None else self._sleep
        options = {"check_policy": check_policy, "context": context, "raw": raw, "wipe": wipe}
        steps = self._steps(user_name, source_name, password, account, options)
        step, end = _advance(next, steps)
        while end is None:
            if isinstance(step, float):
                await sleep(step)
                step, end = _advance(steps.send, None)
                continue
            try:
                response = await self._send(step)
            except self._lost as error:
                step, end = _advance(steps.throw, error)
            else:
                step, end = _advance(steps.send, response)
        return end


for _class in (Exchange, AsyncExchange):
    _class.__module__ = "pwseal"
