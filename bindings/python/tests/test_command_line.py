"""python -m pwseal is the command pwseal."""

import base64
import signal
import subprocess
import sys
import time
from collections.abc import Callable

from conftest import EXAMPLES


def run(*arguments: str, password: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "pwseal", *arguments]
    return subprocess.run(command, input=password, capture_output=True, timeout=60)


def test_it_encrypts(decrypt: Callable[[bytes], bytes]) -> None:
    done = run("encrypt", "--key", str(EXAMPLES / "public-key.pem"), password=b"hunter2\n")
    assert (done.returncode, done.stderr) == (0, b"")
    assert decrypt(base64.b64decode(done.stdout.rstrip(b"\n"), validate=True)) == b"hunter2"


def test_its_exit_codes_and_messages_are_those_of_the_command() -> None:
    info = str(EXAMPLES / "password-info.json")
    violated = run("request", "--info", info, password=b"zzzz")
    assert violated.returncode == 1
    assert violated.stderr.startswith(b"pwseal: the password violates the policy: ")
    wrong = run("encrypt", "hunter2")
    assert wrong.returncode == 2
    assert b"an argument is not understood" in wrong.stderr
    assert b"hunter2" not in wrong.stderr
    assert run("--version").stdout.startswith(b"pwseal ")
    assert b"Usage: python -m pwseal <COMMAND>" in run("--help").stdout


def test_ctrl_c_ends_it_at_once() -> None:
    command = [sys.executable, "-m", "pwseal", "key", "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        time.sleep(1)  # It waits for its input by now.
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == -signal.SIGINT
