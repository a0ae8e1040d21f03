"""Two processes never use the same padding, however they came to be."""

import os

import pwseal
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey


def padded(private_key: RSAPrivateKey, ciphertext: bytes) -> bytes:
    numbers = private_key.private_numbers()
    n = numbers.public_numbers.n
    return pow(int.from_bytes(ciphertext, "big"), numbers.d, n).to_bytes(256, "big")


def test_padding_is_not_repeated_after_a_fork(
    key: pwseal.PublicKey, private_key: RSAPrivateKey
) -> None:
    ciphertexts = [key.encrypt("before")]
    read, write = os.pipe()
    if os.fork() == 0:
        os.write(write, b"".join(key.encrypt("after") for _ in range(3)))
        os._exit(0)
    ciphertexts += [key.encrypt("after") for _ in range(3)]
    os.wait()
    theirs = os.read(read, 4096)
    ciphertexts += [theirs[at : at + 256] for at in (0, 256, 512)]
    starts = {padded(private_key, ciphertext)[2:34] for ciphertext in ciphertexts}
    assert len(starts) == 7
