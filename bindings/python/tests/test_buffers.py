"""Which memory of which objects is read as bytes, and wiped."""

import array
import ctypes
import mmap
from collections.abc import Callable
from typing import Any

import numpy
import pwseal
import pytest

PASSWORD = b"correct horse 7"
SIZE = len(PASSWORD)

ROWS: dict[str, Callable[[], Any]] = {
    "c_char": lambda: ctypes.create_string_buffer(PASSWORD, SIZE),
    "c_ubyte": lambda: (ctypes.c_ubyte * SIZE)(*PASSWORD),
    "c_byte": lambda: (ctypes.c_byte * SIZE)(*PASSWORD),
    "uint8": lambda: numpy.frombuffer(PASSWORD, numpy.uint8).copy(),
    "int8": lambda: numpy.frombuffer(PASSWORD, numpy.int8).copy(),
    "slice": lambda: numpy.frombuffer(b"<" + PASSWORD + b">", numpy.uint8).copy()[1:-1],
    "B": lambda: array.array("B", PASSWORD),
    "b": lambda: array.array("b", PASSWORD),
    "memoryview": lambda: memoryview(bytearray(PASSWORD)).cast("c"),
}


@pytest.mark.parametrize("make", ROWS.values(), ids=ROWS)
def test_a_row_of_bytes_is_read_where_it_is_and_wiped(
    make: Callable[[], Any],
    key: pwseal.PublicKey,
    info: pwseal.PasswordInfo,
    decrypt: Callable[[bytes], bytes],
) -> None:
    assert decrypt(key.encrypt(make())) == PASSWORD
    assert [decrypt(one) for one in key.encrypt_many([make(), make()])] == [PASSWORD] * 2
    assert info.change_request(make())["accountId"] == info.accounts[0].account_id
    assert pwseal.Policy(["passwordMinLength is 8"]).check(make()).findings[0].found == SIZE
    row = make()
    assert decrypt(key.encrypt(row, wipe=True)) == PASSWORD
    assert memoryview(row).tobytes() == bytes(SIZE)


def test_the_memory_of_a_file_is_read(key: pwseal.PublicKey, pem: str) -> None:
    with mmap.mmap(-1, len(pem)) as memory:
        memory.write(pem.encode())
        assert pwseal.PublicKey.parse(memory) == key


def test_what_ends_with_nul_for_c_is_no_text(info: pwseal.PasswordInfo, key: pwseal.PublicKey) -> None:
    text = ctypes.create_string_buffer(PASSWORD)
    with pytest.raises(pwseal.PasswordNotTextError, match=f"at byte {SIZE}"):
        info.change_request(text)
    assert info.change_request(text.value) and key.encrypt(text)


REFUSED: dict[str, tuple[Any, str]] = {
    "int": ((ctypes.c_int * 4)(), "not c_int_Array_4, whose items are no bytes"),
    "wchar": (ctypes.create_unicode_buffer("hunter2"), "whose items are no bytes"),
    "u": (array.array("u", "hunter2"), "not array, whose items are no bytes"),
    "bool": (numpy.ones(4, numpy.bool_), "not ndarray, whose items are no bytes"),
    "float": (numpy.ones(4), "whose items are no bytes"),
    "S7": (numpy.array([b"hunter2"]), "whose items are no bytes"),
    "structure": (numpy.zeros(4, [("a", "u1")]), "whose items are no bytes"),
    "columns": (numpy.ones((4, 5), numpy.uint8), "not ndarray of 2 dimensions"),
    "c_ubyte": (((ctypes.c_ubyte * 5) * 4)(), "of 2 dimensions"),
    "memoryview": (memoryview(bytes(8)).cast("B", (2, 4)), "not memoryview of 2 dimensions"),
    "scalar": (numpy.array(5, numpy.uint8), "not ndarray of 0 dimensions"),
    "strided": (numpy.ones(8, numpy.uint8)[::2], "not a strided one"),
    "backwards": (numpy.ones(8, numpy.uint8)[::-1], "not a strided one"),
    "signed and strided": (numpy.ones(8, numpy.int8)[::2], "not a strided one"),
}


@pytest.mark.parametrize("given", REFUSED.values(), ids=REFUSED)
def test_other_memory_is_refused_with_a_reason(
    given: tuple[Any, str], key: pwseal.PublicKey
) -> None:
    row, reason = given
    calls: list[Callable[[], object]] = [
        lambda: key.encrypt(row),
        lambda: key.encrypt_many([row]),
        lambda: key.encrypt(row, wipe=True),
        lambda: pwseal.Policy([]).check(row),
        lambda: pwseal.PublicKey.parse(row),
    ]
    for call in calls:
        with pytest.raises(TypeError, match=reason):
            call()


def test_memory_that_cannot_be_written_is_not_wiped(key: pwseal.PublicKey) -> None:
    unsigned, signed = numpy.frombuffer(PASSWORD, "u1"), numpy.frombuffer(PASSWORD, "i1")
    rows: list[Any] = [unsigned, signed]
    for row in rows:
        with pytest.raises(TypeError, match="^only a buffer that can be written can be wiped"):
            key.encrypt(row, wipe=True)
        assert row.tobytes() == PASSWORD


def test_the_rows_of_an_array_are_passwords(
    key: pwseal.PublicKey, decrypt: Callable[[bytes], bytes]
) -> None:
    rows = numpy.frombuffer(PASSWORD * 3, numpy.uint8).reshape(3, SIZE)
    assert [decrypt(one) for one in key.encrypt_many(rows)] == [PASSWORD] * 3
    texts = numpy.array(["hunter2", "hunter3"])
    assert [decrypt(one) for one in key.encrypt_many(texts)] == [b"hunter2", b"hunter3"]
    with pytest.raises(TypeError, match="index 0 of the batch"):
        key.encrypt_many(rows[0])


def test_no_buffer_is_kept(key: pwseal.PublicKey) -> None:
    signed = array.array("b", PASSWORD)
    key.encrypt(signed, wipe=True)
    signed.append(0)  # A view that was kept would forbid this.
