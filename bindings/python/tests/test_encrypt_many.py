import base64
import multiprocessing
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator

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
        key.encrypt_many(passwords)  # type: ignore[arg-type]
    # Bytes are iterable, and hold numbers.
    with pytest.raises(TypeError, match="^str or a buffer of bytes is wanted, not int$"):
        key.encrypt_many(b"hunter2")  # type: ignore[arg-type]


@pytest.mark.parametrize("count", [3, 300])
@pytest.mark.parametrize(
    ("password", "kind", "message"),
    [
        ("", pwseal.Error, "the password is empty"),
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
    for encrypt in [key.encrypt_many, key.encrypt_many_base64]:
        with pytest.raises(kind) as raised:
            encrypt(passwords)
        assert type(raised.value) is kind
        assert raised.value.index == count - 2
        assert str(raised.value) == f"the password at index {count - 2} of the batch: {message}"


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
start = time.perf_counter()
key.encrypt_many(passwords)
# So many that they take five seconds, and a signal after half a second.
passwords *= max(1, int(5 / (time.perf_counter() - start)))
signal.signal(signal.SIGALRM, signal.default_int_handler)
signal.setitimer(signal.ITIMER_REAL, 0.5)
start = time.perf_counter()
try:
    key.encrypt_many(passwords)
except KeyboardInterrupt:
    print(time.perf_counter() - start)
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


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="there is one core only")
def test_a_large_batch_is_shared_out_among_the_cores(key: pwseal.PublicKey) -> None:
    def threads() -> int:
        return len(os.listdir("/proc/self/task"))

    passwords = ["hunter2"] * 20_000
    before = threads()
    worker = threading.Thread(target=key.encrypt_many, args=(passwords,))
    worker.start()
    most = 0
    while worker.is_alive():
        most = max(most, threads())
    assert most - before >= 2, "the worker and who helps it"


def _encrypt_in_a_child(pem: str) -> int:
    return len(pwseal.PublicKey.parse(pem).encrypt_many(["hunter2"] * 300))


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="no fork")
def test_a_forked_child_encrypts_on_all_cores_too(key: pwseal.PublicKey, pem: str) -> None:
    assert len(key.encrypt_many(["hunter2"] * 300)) == 300
    with multiprocessing.get_context("fork").Pool(1) as pool:
        # Threads of the parent are not in the child: who waits for them waits for ever.
        assert pool.apply_async(_encrypt_in_a_child, (pem,)).get(timeout=60) == 300
