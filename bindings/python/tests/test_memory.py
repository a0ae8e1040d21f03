"""No password and no padded message is left in the memory of a process that wiped its own copy."""

import secrets
import string
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

# It reads past Python's buffers, which would keep a copy, and waits to be looked at.
PROGRAM = """
import os, sys
import pwseal

pem, info = sys.argv[1:3]
key = pwseal.PublicKey.parse(pem)
info = pwseal.PasswordInfo.from_json(info)
api = pwseal.Api("acme", "v2026")
password = bytearray(40)
os.readv(0, [password])
def work():
    {work}
ciphertext = work()
os.write(1, ciphertext or b"none")
os.read(0, 1)
"""

WORK = [
    "return key.encrypt(password, wipe=True)",
    "return key.encrypt_many([password], wipe=True)[0]",
    "info.change_request_json(password, wipe=True)",
    "api.set_password(info, password, wipe=True)",
    "assert info.policy.check(password).ok; return key.encrypt(password, wipe=True)",
    # Refused, after it was copied.
    "try: info.change_request(password, account='x', wipe=True)\n    except pwseal.Error: pass",
]


def pieces(secret: bytes) -> set[bytes]:
    return {secret[at : at + 8] for at in range(len(secret) - 7)}


def memory(pid: int) -> bytes:
    """All that a process can write, one map after the other."""
    content = []
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as file:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            where, rights = line.split()[:2]
            start, end = (int(address, 16) for address in where.split("-"))
            if rights.startswith("rw"):
                file.seek(start)
                content.append(file.read(end - start))
    return b"".join(content)


def left(pem: str, info_json: str, private_key: RSAPrivateKey, work: str) -> set[str]:
    """What some work leaves behind."""
    letters = string.ascii_letters + string.digits
    password = b"Aa7" + "".join(secrets.choice(letters) for _ in range(37)).encode()
    program = PROGRAM.format(work=work)
    command = [sys.executable, "-c", program, pem, info_json]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0) as child:
        assert child.stdin and child.stdout
        child.stdin.write(password)
        ciphertext = child.stdout.read(4096)
        content = memory(child.pid)
        child.stdin.close()
    assert child.returncode == 0
    searched = {"password": password, "in lower case": password.lower()}
    if len(ciphertext) == 256:
        numbers = private_key.private_numbers()
        em = pow(int.from_bytes(ciphertext, "big"), numbers.d, numbers.public_numbers.n)
        searched["EM"] = em.to_bytes(256, "big")
        searched["EM from its other end"] = em.to_bytes(256, "little")
        assert searched["EM"].endswith(password)
    return {
        what for what, secret in searched.items() if any(piece in content for piece in pieces(secret))
    }


@pytest.mark.parametrize("work", WORK)
def test_nothing_is_left(pem: str, info_json: str, private_key: RSAPrivateKey, work: str) -> None:
    assert left(pem, info_json, private_key, work) == set()


def test_what_is_left_is_found(pem: str, info_json: str, private_key: RSAPrivateKey) -> None:
    for work in ["return key.encrypt(password)", "global text; text = password[3:11]; password.clear()"]:
        assert "password" in left(pem, info_json, private_key, work)
