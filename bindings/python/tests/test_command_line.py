"""The script pwseal and python -m pwseal are the command pwseal."""

import base64
import importlib.metadata
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pwseal
import pytest
from conftest import EXAMPLES

UNKNOWN_BACKEND = {**os.environ, "PWSEAL_BACKEND": "abacus"}


def run(*arguments: str, password: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "pwseal", *arguments]
    return subprocess.run(command, input=password, capture_output=True, timeout=60)


# What pip, pipx and uvx install.
SCRIPT = Path(sys.executable).with_name("pwseal")


def test_the_script_is_the_command_too(decrypt: Callable[[bytes], bytes]) -> None:
    command = [str(SCRIPT), "encrypt", "--key", str(EXAMPLES / "public-key.pem")]
    done = subprocess.run(command, input=b"hunter2\n", capture_output=True, check=True)
    assert decrypt(base64.b64decode(done.stdout.rstrip(b"\n"), validate=True)) == b"hunter2"
    done = subprocess.run([SCRIPT, "--help"], capture_output=True, check=True)
    assert b"Usage: pwseal <COMMAND>" in done.stdout
    done = subprocess.run([SCRIPT, "key", "-"], env=UNKNOWN_BACKEND, capture_output=True)
    assert (done.returncode, done.stdout, done.stderr.count(b"\n")) == (2, b"", 1)


def test_the_version_is_that_of_the_command_and_of_the_package() -> None:
    assert run("--version").stdout == f"pwseal {pwseal.__version__}\n".encode()
    assert importlib.metadata.version("pwseal") == pwseal.__version__


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
    assert b"Usage: pwseal <COMMAND>" in run("--help").stdout


@pytest.mark.parametrize(
    "arguments", [["-m", "pwseal"], ["-mpwseal"], ["-I", "-m", "pwseal.__main__", "key", "-"]]
)
def test_an_unknown_backend_is_one_line_as_that_of_the_command(arguments: list[str]) -> None:
    command = [sys.executable, *arguments]
    done = subprocess.run(command, env=UNKNOWN_BACKEND, capture_output=True, check=False)
    assert done.returncode == 2
    assert done.stdout == b""
    assert done.stderr.startswith(
        b"pwseal: the environment variable PWSEAL_BACKEND: no backend has this name"
    )
    assert done.stderr.count(b"\n") == 1


def test_an_unknown_backend_is_an_error_to_another_program(tmp_path: Path) -> None:
    """It may be run with -m as well, and import pwseal where python -m pwseal does."""
    package = tmp_path / "their_pwseal"
    package.mkdir()
    (package / "__init__.py").write_text(
        "try:\n    import pwseal\nexcept ImportError:\n    print('refused')\n"
    )
    (package / "__main__.py").write_text("")
    command = [sys.executable, "-m", "their_pwseal", "pwseal"]
    done = subprocess.run(
        command, cwd=tmp_path, env=UNKNOWN_BACKEND, capture_output=True, check=True
    )
    assert done.stdout == b"refused\n"


# Who started the tests may have it ignored, as a shell does for what it runs in the background.
@pytest.mark.parametrize("is_ignored", [False, True])
def test_ctrl_c_ends_it_at_once_if_it_was_not_ignored(is_ignored: bool) -> None:
    start = ["env", "--ignore-signal=INT" if is_ignored else "--default-signal=INT"]
    command = [*start, sys.executable, "-m", "pwseal", "key", "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        assert process.stdin
        # More than a pipe holds: when it is taken, the program reads, and waits for the end.
        process.stdin.write(b"\n" * (200 << 10))
        assert process.poll() is None
        if is_ignored:
            status = Path(f"/proc/{process.pid}/status").read_text()
            (ignored,) = (line.split()[1] for line in status.splitlines() if line.startswith("SigIgn:"))
            assert int(ignored, 16) >> (signal.SIGINT - 1) & 1
            process.kill()
        else:
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=60) == -signal.SIGINT
