import base64
import multiprocessing
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pwseal
import pytest
from conftest import EXAMPLES

Decrypt = Callable[[bytes], bytes]


# Around the eight blocks of the widest backend and the share that one thread takes.
@pytest.mark.parametrize("count", [0, 1, 7, 8, 9, 63, 64, 65, 127, 128, 129, 300])
def test_every_password_gets_its_ciphertext_in_order(
    key: pwseal.PublicKey, decrypt: Decrypt, count: int
) -> None:
    passwords = [f"pässwörd {number}" for number in range(count)]
    ciphertexts = key.encrypt_many(passwords)
    assert [decrypt(ciphertext).decode() for ciphertext in ciphertexts] == passwords
    texts = key.encrypt_many_base64(passwords)
    decoded = [base64.b64decode(text, validate=True) for text in texts]
    assert [decrypt(ciphertext).decode() for ciphertext in decoded] == passwords


def test_equal_passwords_give_different_ciphertexts(key: pwseal.PublicKey) -> None:
    assert len(set(key.encrypt_many(["hunter2"] * 300))) == 300


def test_any_iterable_of_any_kinds_will_do(key: pwseal.PublicKey, decrypt: Decrypt) -> None:
    def passwords() -> Iterator[str | bytes | bytearray | memoryview]:
        yield "one"
        yield b"two"
        yield bytearray(b"three")
        yield memoryview(b"four")

    ciphertexts = key.encrypt_many(passwords())
    assert [decrypt(ciphertext) for ciphertext in ciphertexts] == [
        b"one",
        b"two",
        b"three",
        b"four",
    ]


@pytest.mark.parametrize("passwords", ["hunter2", None, 7])
def test_what_is_no_list_of_passwords_is_a_type_error(
    key: pwseal.PublicKey, passwords: object
) -> None:
    name = type(passwords).__name__
    with pytest.raises(TypeError, match=f"^an iterable of passwords is wanted, not {name}$"):
        key.encrypt_many(passwords)  # type: ignore[call-overload]
    # Bytes are iterable, and hold numbers.
    with pytest.raises(TypeError, match=" at index 0 of the batch: str or .* is wanted, not int$"):
        key.encrypt_many(b"hunter2")  # type: ignore[arg-type]


@pytest.mark.parametrize("count", [3, 300])
@pytest.mark.parametrize(
    ("password", "kind", "message"),
    [
        ("", pwseal.InputError, "the password is empty"),
        (
            "x" * 246,
            pwseal.PasswordTooLongError,
            "the password has 246 bytes; the longest that this key can encrypt has 245",
        ),
        (
            "\udc80",
            pwseal.PasswordNotTextError,
            "the text has half a surrogate pair at position 0, which UTF-8 cannot hold",
        ),
    ],
)
def test_a_password_that_is_refused_is_named_by_its_index(
    key: pwseal.PublicKey, count: int, password: str, kind: type[pwseal.Error], message: str
) -> None:
    passwords = ["hunter2"] * count
    passwords[count - 2] = passwords[count - 1] = password
    calls: list[Callable[[Any], object]] = [key.encrypt_many, key.encrypt_many_base64]
    for encrypt in calls:
        with pytest.raises(kind) as raised:
            encrypt(passwords)
        assert type(raised.value) is kind
        assert raised.value.index == count - 2
        assert str(raised.value) == f"the password at index {count - 2} of the batch: {message}"


NAN = float("nan")


def test_nothing_is_asked_for_after_an_error(key: pwseal.PublicKey) -> None:
    def passwords(wrong: Any) -> Iterator[Any]:
        yield "hunter2"
        yield wrong
        pytest.fail("there was an error already")

    for wrong, kind in [("", pwseal.Error), ("x" * 246, pwseal.Error), (NAN, TypeError)]:
        with pytest.raises(kind) as raised:
            key.encrypt_many(passwords(wrong))
        assert raised.value.index == 1  # type: ignore[attr-defined]
        assert str(raised.value).startswith("the password at index 1 of the batch: ")


@pytest.mark.parametrize("count", [5, 300])
def test_errors_take_the_place_of_their_ciphertexts(
    key: pwseal.PublicKey, decrypt: Decrypt, count: int
) -> None:
    passwords: list[Any] = [f"hunter{number}" for number in range(count)]
    passwords[1:4] = [NAN, "", b"x" * 246]
    calls: list[tuple[Any, Any]] = [
        (key.encrypt_many, bytes),
        (key.encrypt_many_base64, base64.b64decode),
    ]
    for encrypt, read in calls:
        results = encrypt(passwords, errors="return")
        assert len(results) == count
        for index, (password, result) in enumerate(zip(passwords, results, strict=True)):
            if index in range(1, 4):
                assert isinstance(result, Exception)
                assert result.index == index  # type: ignore[attr-defined]
            else:
                assert not isinstance(result, Exception)
                assert decrypt(read(result)).decode() == password
        kinds = [type(result) for result in results[1:4]]
        assert kinds == [TypeError, pwseal.InputError, pwseal.PasswordTooLongError]


def test_all_but_those_of_a_wrong_type_are_wiped_beside_errors(key: pwseal.PublicKey) -> None:
    buffers = [bytearray(b"hunter2"), bytearray(b"x" * 246), bytearray(b"hunter3")]
    results = key.encrypt_many([*buffers, "hunter4"], wipe=True, errors="return")
    assert [type(result) for result in results] == [
        bytes,
        pwseal.PasswordTooLongError,
        bytes,
        TypeError,
    ]
    assert [any(buffer) for buffer in buffers] == [False] * 3


@pytest.mark.parametrize("threads", [1, 2, 7, 10_000])
def test_so_many_threads_as_wanted(key: pwseal.PublicKey, decrypt: Decrypt, threads: int) -> None:
    passwords = [f"hunter{number}" for number in range(200)]
    ciphertexts = key.encrypt_many(passwords, threads=threads)
    assert [decrypt(ciphertext).decode() for ciphertext in ciphertexts] == passwords


def test_other_values_of_errors_and_threads_are_refused(key: pwseal.PublicKey) -> None:
    for threads in [0, -1, 2**70]:
        with pytest.raises(pwseal.Error, match="^threads are a number from 1 on$"):
            key.encrypt_many(["hunter2"], threads=threads)
    with pytest.raises(ValueError, match="^errors is "):
        key.encrypt_many(["hunter2"], errors="ignore")  # type: ignore[call-overload]


PASSWORDS = [b"hunter1", b"hunter2", b"hunter3"]


def one_buffer() -> Iterator[bytearray]:
    buffer = bytearray(7)
    for password in PASSWORDS:
        buffer[:] = password
        yield buffer


def wiped_buffers() -> Iterator[bytearray]:
    for password in PASSWORDS:
        buffer = bytearray(password)
        try:
            yield buffer
        finally:
            buffer[:] = bytes(len(buffer))


def resized_buffers() -> Iterator[bytearray]:
    for password in PASSWORDS:
        buffer = bytearray(password)
        try:
            yield buffer
        finally:
            buffer.clear()


@pytest.mark.parametrize("wipe", [False, True])
@pytest.mark.parametrize("passwords", [one_buffer, wiped_buffers])
def test_a_password_is_read_before_the_next_one_is_asked_for(
    key: pwseal.PublicKey,
    decrypt: Decrypt,
    passwords: Callable[[], Iterator[bytearray]],
    wipe: bool,
) -> None:
    ciphertexts = key.encrypt_many(passwords(), wipe=wipe)
    assert [decrypt(ciphertext) for ciphertext in ciphertexts] == PASSWORDS
    texts = key.encrypt_many_base64(passwords(), wipe=wipe)
    assert [decrypt(base64.b64decode(text)) for text in texts] == PASSWORDS


def test_only_what_is_to_be_wiped_is_held_to_the_end(
    key: pwseal.PublicKey, decrypt: Decrypt
) -> None:
    ciphertexts = key.encrypt_many(resized_buffers())
    assert [decrypt(ciphertext) for ciphertext in ciphertexts] == PASSWORDS
    with pytest.raises(BufferError):
        key.encrypt_many(resized_buffers(), wipe=True)


def test_ctrl_c_ends_a_large_batch() -> None:
    program = """
import signal, sys, time
import pwseal
key = pwseal.PublicKey.parse(sys.argv[1])
passwords = [b"hunter2"] * 20_000
start = time.process_time()
key.encrypt_many(passwords)
# So many that they take five seconds, and a signal after half a second, as this process runs.
passwords *= max(1, int(5 / (time.process_time() - start)))
signal.signal(signal.SIGPROF, signal.default_int_handler)
start = time.process_time()
try:
    signal.setitimer(signal.ITIMER_PROF, 0.5)
    key.encrypt_many(passwords)
except KeyboardInterrupt:
    print(time.process_time() - start)
"""
    pem = (EXAMPLES / "public-key.pem").read_text()
    done = subprocess.run(
        [sys.executable, "-c", program, pem], capture_output=True, text=True, check=True
    )
    assert float(done.stdout) < 3


def test_an_error_of_the_iterable_comes_through(key: pwseal.PublicKey) -> None:
    class Broken:
        def __init__(self, error: BaseException) -> None:
            self.error = error

        def __iter__(self) -> Iterator[str]:
            raise self.error

    for error in [ValueError("of the database"), KeyboardInterrupt(), MemoryError()]:
        with pytest.raises(type(error)) as raised:
            key.encrypt_many(Broken(error))
        assert raised.value is error

    def passwords() -> Iterator[str]:
        yield "hunter2"
        raise LookupError("of the iterable")

    with pytest.raises(LookupError, match="^of the iterable$"):
        key.encrypt_many(passwords())


def test_a_large_batch_is_shared_out_among_the_cores(key: pwseal.PublicKey) -> None:
    def threads() -> int:
        return len(os.listdir("/proc/self/task"))

    # By itself it takes as many as there are cores.
    asked = {"threads": 2} if len(os.sched_getaffinity(0)) == 1 else {}
    passwords = ["hunter2"] * 20_000


    def most_at_once() -> int:
        before = threads()
        worker = threading.Thread(target=key.encrypt_many, args=(passwords,), kwargs=asked)
        worker.start()
        most = 0
        while worker.is_alive():
            most = max(most, threads())
        return most - before

    # On a busy machine this thread may sleep through a batch.
    assert any(most_at_once() >= 2 for _ in range(50)), "the worker and who helps it"


def _encrypt_in_a_child(pem: str) -> int:
    return len(pwseal.PublicKey.parse(pem).encrypt_many(["hunter2"] * 300, threads=2))


def test_a_forked_child_encrypts_on_threads_of_its_own(key: pwseal.PublicKey, pem: str) -> None:
    assert len(key.encrypt_many(["hunter2"] * 300, threads=2)) == 300
    with multiprocessing.get_context("fork").Pool(1) as pool:
        # Threads of the parent are not in the child: who waits for them waits for ever.
        assert pool.apply_async(_encrypt_in_a_child, (pem,)).get(timeout=60) == 300
