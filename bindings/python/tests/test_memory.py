"""No password and no padded message is left in the memory of a process that wiped its own copy."""

import random
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
api = pwseal.Api("v2026", "acme")
password = bytearray(40)
os.readv(0, [password])
def work():
    {work}
ciphertext = work()
os.write(1, ciphertext or b"none")
os.read(0, 1)
"""

# Holds what it reads until it is told to wipe it.
PLANT = """
import os
held = bytearray(256)
os.readv(0, [held])
os.write(1, b"held")
os.read(0, 1)
held[:] = bytes(256)
os.write(1, b"wiped")
os.read(0, 1)
"""

WORK = [
    "return key.encrypt(password, wipe=True)",
    "return key.encrypt_many([password], wipe=True)[0]",
    "info.change_request_json(password, wipe=True)",
    "api.set_password(info, password, wipe=True)",
    "assert isinstance(next(info.change_request_many([(None, password)], wipe=True)), dict)",
    "assert isinstance(next(info.change_request_many([('x', password)], wipe=True)), pwseal.Error)",
    "assert info.policy.check(password).all_passed; return key.encrypt(password, wipe=True)",
    # Refused, after it was copied.
    "try: info.change_request(password, account='x', wipe=True)\n    except pwseal.Error: pass",
]


# Of random letters, eight are by chance in what Python has in memory. No text has eight of these.
PASSWORD = b"Aa7|9Nt~dpk~J0z^Cxu|iLr^Ryc|5N1|5Bt~KJP|"


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


def found(child: subprocess.Popen[bytes], searched: dict[str, bytes]) -> set[str]:
    content = memory(child.pid)
    return {
        what for what, secret in searched.items() if any(piece in content for piece in pieces(secret))
    }


def start(program: str, *arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)


def forms_of_em(em: bytes) -> dict[str, bytes]:
    return {"EM": em, "EM from its other end": em[::-1]}


def left(pem: str, info_json: str, private_key: RSAPrivateKey, work: str) -> set[str]:
    """What some work leaves behind."""
    searched = {"password": PASSWORD, "in lower case": PASSWORD.lower()}
    with start(PROGRAM.format(work=work), pem, info_json) as child:
        assert child.stdin and child.stdout
        child.stdin.write(PASSWORD)
        ciphertext = child.stdout.read(4096)
        if len(ciphertext) == 256:
            numbers = private_key.private_numbers()
            em = pow(int.from_bytes(ciphertext, "big"), numbers.d, numbers.public_numbers.n)
            searched |= forms_of_em(em.to_bytes(256, "big"))
            assert searched["EM"].endswith(PASSWORD)
        what = found(child, searched)
        child.stdin.close()
    assert child.returncode == 0
    return what


@pytest.mark.parametrize("work", WORK)
def test_nothing_is_left(pem: str, info_json: str, private_key: RSAPrivateKey, work: str) -> None:
    assert left(pem, info_json, private_key, work) == set()


def test_what_is_left_is_found(pem: str, info_json: str, private_key: RSAPrivateKey) -> None:
    for work in ["return key.encrypt(password)", "global text; text = password[3:11]; password.clear()"]:
        assert "password" in left(pem, info_json, private_key, work)


@pytest.mark.parametrize("form", ["EM", "EM from its other end"])
def test_a_padded_message_is_found_until_it_is_wiped(form: str) -> None:
    padding = bytes(random.Random(7).choices(range(1, 256), k=213))
    searched = forms_of_em(b"\0\2" + padding + b"\0" + PASSWORD)
    with start(PLANT) as child:
        assert child.stdin and child.stdout
        child.stdin.write(searched[form])
        assert child.stdout.read(8) == b"held"
        assert found(child, searched) == {form}
        child.stdin.write(b"x")
        assert child.stdout.read(8) == b"wiped"
        assert found(child, searched) == set()
    assert child.returncode == 0
