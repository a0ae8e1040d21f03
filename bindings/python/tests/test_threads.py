import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pwseal

Decrypt = Callable[[bytes], bytes]


def test_eight_threads_use_one_key(key: pwseal.PublicKey, decrypt: Decrypt) -> None:
    passwords = [f"hunter{number}" for number in range(800)]
    with ThreadPoolExecutor(8) as pool:
        ciphertexts = list(pool.map(key.encrypt, passwords))
    assert [decrypt(ciphertext).decode() for ciphertext in ciphertexts] == passwords


def test_eight_threads_use_one_of_everything_at_once(
    key: pwseal.PublicKey, info: pwseal.PasswordInfo, decrypt: Decrypt
) -> None:
    policy = info.policy
    start = threading.Barrier(8)

    def work(number: int) -> None:
        start.wait(timeout=60)
        for round in range(20):
            password = f"horse {number} {round}"
            assert decrypt(key.encrypt(password)).decode() == password
            batch = [f"{password} {index}" for index in range(130)]
            assert decrypt(key.encrypt_many(batch)[129]).decode() == batch[129]
            assert policy.check(password).all_passed
            assert info.change_request(password)["accountId"]
            assert policy.check(policy.generate()).all_passed

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))


def passes(encrypt: Callable[[], object], rounds: int) -> bool:
    """Whether another thread gets to run during one of at most so many calls."""
    gate = threading.Lock()
    gate.acquire()
    passed = threading.Event()

    def wait() -> None:
        with gate:
            passed.set()

    thread = threading.Thread(target=wait)
    interval = sys.getswitchinterval()
    try:
        # Python itself does not switch threads now: this one goes on when the other waits at the gate, and only
        # `encrypt` can let that run.
        sys.setswitchinterval(1000)
        thread.start()
        gate.release()
        for _ in range(rounds):
            encrypt()
            if passed.is_set():
                break
        return passed.is_set()
    finally:
        sys.setswitchinterval(interval)
        thread.join()


def test_another_thread_runs_while_one_encrypts(
    key: pwseal.PublicKey, info: pwseal.PasswordInfo
) -> None:
    # On a busy machine the other thread may not be awake in time, again and again.
    assert passes(lambda: key.encrypt("hunter2"), 1_000_000)
    assert passes(lambda: key.encrypt_many(["hunter2"] * 1000), 10_000)
    assert passes(lambda: info.change_request("hunter2"), 1_000_000)
    # The method can tell.
    assert not passes(lambda: hash("hunter2"), 5000)
