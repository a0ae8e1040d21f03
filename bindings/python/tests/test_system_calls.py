"""The module makes no socket and opens no file while it works, as strace sees it."""

import subprocess
import sys
from pathlib import Path

import pytest

# What opens something or reaches beyond the process; and what marks where the work begins and ends.
REACHING = (
    "trace=open,openat,openat2,creat,socket,socketpair,connect,bind,listen,accept,accept4,sendto,"
    "sendmsg,recvfrom,recvmsg,fork,vfork,execve,execveat,memfd_create,io_uring_setup,shmget,"
    "mq_open,unlink,rename,mkdir,write"
)

PROGRAM = """
import os, socket, sys
import pwseal

pem, info = sys.argv[1:3]
os.write(2, b"BEGIN")
{work}
os.write(2, b"END")
"""

WORK = """
key = pwseal.PublicKey.parse(pem)
password = bytearray(b"correct horse 7")
key.encrypt(password)
key.encrypt_base64(password)
key.encrypt_many([password, b"hunter2"])
key.encrypt_many_base64([password] * 9)
info = pwseal.PasswordInfo.from_json(info)
assert info.policy.check(password, pwseal.Context(dictionary="qwerty")).all_passed
info.policy.generate(12)
try:
    info.change_request(b"no")
except pwseal.PolicyError as error:
    str(error)
info.change_request(password)
info.change_request_json(password)
list(info.change_request_many([(None, password), (None, b"no")] * 9))
api = pwseal.Api("v2026", "acme")
api.query_password_info("abby", "Directory")
api.set_password(info, password, wipe=True)
api.password_change_status("089899f1")
api.generate_digit_token("abby")
pwseal.DigitToken.from_response(200, b'{"digitToken": "12345678"}')
pwseal.PasswordChangeResponse.from_response(202, b'{"state": "IN_PROGRESS"}')
pwseal.StatusPoll().next(60, 200, b'{"state": "FINISHED"}')
"""


def calls(tmp_path: Path, pem: str, info_json: str, work: str) -> list[str]:
    """The system calls of some work."""
    log = tmp_path / "strace"
    program = PROGRAM.format(work=work)
    command = ["strace", "-f", "-qq", "-e", REACHING, "-o", str(log)]
    python = [sys.executable, "-c", program, pem, info_json]
    subprocess.run(command + python, check=True, stderr=subprocess.DEVNULL)
    lines = [line.split(maxsplit=1)[1] for line in log.read_text().splitlines()]
    begin, end = (
        next(index for index, line in enumerate(lines) if line.startswith(f'write(2, "{mark}"'))
        for mark in ("BEGIN", "END")
    )
    return lines[begin + 1 : end]


def test_no_socket_and_no_file_is_opened(tmp_path: Path, pem: str, info_json: str) -> None:
    assert calls(tmp_path, pem, info_json, WORK) == []


@pytest.mark.parametrize(
    ("planted", "call"), [("open('/dev/null')", "openat("), ("socket.socket()", "socket(")]
)
def test_a_socket_and_a_file_are_found(
    tmp_path: Path, pem: str, info_json: str, planted: str, call: str
) -> None:
    found = calls(tmp_path, pem, info_json, planted)
    assert [line.startswith(call) for line in found] == [True]
