"""No reference and no memory is lost, however many calls there are."""

import ctypes
import gc
import sys
from array import array
from collections.abc import Callable
from types import MappingProxyType

import pwseal
import pytest

CALLS = 100_000
PARTS = 4


def fails(call: Callable[[], object]) -> Callable[[], None]:
    def run() -> None:
        try:
            call()
        except (pwseal.Error, TypeError):
            return
        raise AssertionError("nothing was raised")

    return run


def restored(thing: object) -> object:
    """As pickle does it, whose own memory comes and goes."""
    reduced = thing.__reduce__()
    assert isinstance(reduced, tuple)
    return reduced[0](*reduced[1])


class MallInfo(ctypes.Structure):
    """What mallinfo2(3) returns."""

    _fields_ = [
        (name, ctypes.c_size_t)
        for name in "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost".split()
    ]


def allocated() -> int:
    """How many bytes malloc has given. Which pages of them are in memory is the kernel's business."""
    mallinfo2 = ctypes.CDLL(None).mallinfo2
    mallinfo2.restype = MallInfo
    info = mallinfo2()
    return int(info.uordblks) + int(info.hblkhd)


def test_no_reference_leaks(
    key: pwseal.PublicKey, info: pwseal.PasswordInfo, info_json: str
) -> None:
    text, data, buffer = "pässwörd 7", b"hunter2", bytearray(b"hunter2")
    attributes = {"city": "Austin"}
    context = pwseal.Context("id", "name", "display", attributes, attributes, "qwerty")
    signed, wide = array("b", data), array("i", data + b"8")
    policy = pwseal.Policy(["passwordMinLength is 4", "passwordMinNumeric is 1"])
    api = pwseal.Api("v2026", "acme")
    poll = pwseal.StatusPoll()
    headers = {"Retry-After": "3"}
    strided = memoryview(buffer)[::2]
    proxy = MappingProxyType({"accounts": [MappingProxyType({"accountId": "1001"})]})
    wrong = object()
    # So many calls of each in a round that all take about the same time.
    calls: list[tuple[Callable[[], object], int]] = [
        (lambda: key.encrypt(text), 8),
        (lambda: key.encrypt(data), 8),
        (lambda: key.encrypt(buffer), 8),
        (lambda: key.encrypt_base64(text), 8),
        (lambda: key.encrypt_many([text, data, buffer]), 4),
        (lambda: policy.check(text, context), 8),
        (lambda: restored(context), 4),
        (lambda: key.encrypt(signed), 4),
        (lambda: policy.generate(), 4),
        (lambda: info.check(data), 2),
        (lambda: restored(key), 2),
        (lambda: restored(policy.check(text)), 4),
        (lambda: restored(info.accounts[0]), 4),
        (lambda: info.change_request(data), 2),
        (lambda: info.change_request_json(data), 2),
        (lambda: api.set_password(info, data, token="t"), 2),
        (lambda: pwseal.PasswordInfo.from_json(info_json).accounts, 4),
        (lambda: pwseal.PasswordInfo.from_json(proxy).accounts, 2),
        (lambda: poll.next(60, 401, "", headers), 8),
        (fails(lambda: key.encrypt("x" * 246)), 8),
        (fails(lambda: key.encrypt("\ud800")), 8),
        (fails(lambda: key.encrypt(strided)), 8),
        (fails(lambda: key.encrypt(wide)), 4),
        (fails(lambda: info.change_request(data, "\ud800")), 4),
        (fails(lambda: api.generate_digit_token("a", length=2**70)), 8),
        (fails(lambda: key.encrypt(wrong)), 8),  # type: ignore[arg-type]
        (fails(lambda: key.encrypt_many([data, ""])), 8),
        (fails(lambda: info.change_request("zzzz")), 2),
        (fails(lambda: info.change_request(data, account="nobody")), 2),
        (fails(lambda: pwseal.PasswordInfo.from_response(429, "", headers)), 8),
    ]
    objects = [key, info, policy, context, signed, wide, api, poll, text, data, buffer, attributes, headers, wrong]

    def rounds(number: int) -> None:
        for _ in range(number):
            for call, times in calls:
                for _ in range(times):
                    call()
        gc.collect()

    per_round = sum(times for _, times in calls)
    rounds(50)
    references = [sys.getrefcount(thing) for thing in objects]
    number = CALLS // per_round // PARTS
    grown = []
    for _ in range(PARTS):
        blocks, memory = sys.getallocatedblocks(), allocated()
        rounds(number)
        grown.append((sys.getallocatedblocks() - blocks, allocated() - memory))
    assert [sys.getrefcount(thing) for thing in objects] == references
    # What is kept once, as a cache does, is not lost: that grows with every part. One block lost in each round would be
    # hundreds, and of memory that is not Python's 32 bytes each.
    assert min(blocks for blocks, _ in grown) < number // 4, grown
    assert min(memory for _, memory in grown) < 32 * number // 4, grown


@pytest.mark.parametrize("wipe", [False, True])
def test_a_buffer_is_let_go(key: pwseal.PublicKey, wipe: bool) -> None:
    buffer = bytearray(b"hunter2")
    for _ in range(1000):
        key.encrypt(buffer, wipe=wipe)
        key.encrypt_many([buffer, buffer], wipe=wipe)
    buffer.append(0)
