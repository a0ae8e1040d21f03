"""Beside pyca/cryptography and PyCryptodome: they decrypt what pwseal encrypts, and refuse the
same keys and passwords."""

import base64

import pwseal
import pytest
from Crypto.Cipher import PKCS1_v1_5
from Crypto.PublicKey import RSA
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_public_key,
    load_pem_public_key,
)

PASSWORDS = ["x", "hunter2", "pässwörd €", "\N{GRINNING FACE}", "\0", "x" * 117]


def private(bits: int, exponent: int = 65537) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(exponent, bits)


def spki(key: rsa.RSAPrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@pytest.mark.parametrize(
    ("bits", "exponent"), [(1024, 65537), (2048, 65537), (2048, 3), (3072, 65537)]
)
def test_both_decrypt_what_is_encrypted(bits: int, exponent: int) -> None:
    theirs = private(bits, exponent)
    key = pwseal.PublicKey.parse(spki(theirs))
    pycryptodome = PKCS1_v1_5.new(
        RSA.import_key(theirs.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
    )
    longest = "x" * key.max_password_len
    ciphertexts = [key.encrypt(password) for password in PASSWORDS]
    ciphertexts += key.encrypt_many([*PASSWORDS, longest])
    for password, ciphertext in zip([*PASSWORDS, *PASSWORDS, longest], ciphertexts, strict=True):
        assert theirs.decrypt(ciphertext, PKCS1v15()) == password.encode()
        assert pycryptodome.decrypt(ciphertext, None) == password.encode()


def test_the_key_has_the_numbers_that_both_read(pem: str) -> None:
    key = pwseal.PublicKey.parse(pem)
    pyca = load_pem_public_key(pem.encode())
    assert isinstance(pyca, rsa.RSAPublicKey)
    pycryptodome = RSA.import_key(pem)
    assert key.bits == pyca.key_size == pycryptodome.size_in_bits()
    assert key.exponent == pyca.public_numbers().e == pycryptodome.e
    assert key.fingerprint == pwseal.PublicKey.parse(pycryptodome.export_key("DER")).fingerprint


def test_a_password_one_byte_too_long_is_refused_by_all(pem: str) -> None:
    key = pwseal.PublicKey.parse(pem)
    pyca = load_pem_public_key(pem.encode())
    assert isinstance(pyca, rsa.RSAPublicKey)
    pycryptodome = PKCS1_v1_5.new(RSA.import_key(pem))
    longest = b"x" * key.max_password_len
    assert len(key.encrypt(longest)) == len(pyca.encrypt(longest, PKCS1v15())) == 256
    assert len(pycryptodome.encrypt(longest)) == 256
    with pytest.raises(pwseal.PasswordTooLongError):
        key.encrypt(longest + b"x")
    with pytest.raises(ValueError):
        pyca.encrypt(longest + b"x", PKCS1v15())
    with pytest.raises(ValueError):
        pycryptodome.encrypt(longest + b"x")


def broken_keys(key: rsa.RSAPrivateKey) -> dict[str, bytes]:
    der = spki(key)
    return {
        "cut off": der[:-1],
        "a byte too many": der + b"\0",
        "no DER": b"\0" + der[1:],
        "another algorithm": der.replace(
            bytes.fromhex("2a864886f70d010101"), bytes.fromhex("2a864886f70d010163")
        ),
        "a negative modulus": der.replace(bytes.fromhex("0282010100"), bytes.fromhex("02820101ff")),
        "an even exponent": der[:-1] + b"\0",
        "nothing": b"",
        "zeros": bytes(294),
    }


def test_a_broken_key_is_refused_by_all() -> None:
    for name, der in broken_keys(private(2048)).items():
        with pytest.raises(pwseal.InvalidKeyError):
            pwseal.PublicKey.parse(der)
        with pytest.raises((ValueError, UnsupportedAlgorithm)):
            load_der_public_key(der)
        if name == "an even exponent":  # PyCryptodome reads it.
            continue
        with pytest.raises((ValueError, IndexError)):
            RSA.import_key(der)


def test_keys_that_are_no_rsa_public_keys_are_named() -> None:
    def public(key: ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey) -> bytes:
        return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    private_pem = private(2048).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for pem, name in [
        (
            public(ec.generate_private_key(ec.SECP256R1()).public_key()),
            "one for RSA encryption is wanted",
        ),
        (
            public(ed25519.Ed25519PrivateKey.generate().public_key()),
            "one for RSA encryption is wanted",
        ),
        (private_pem, "the key is a private key"),
    ]:
        with pytest.raises(pwseal.InvalidKeyError, match=name):
            pwseal.PublicKey.parse(pem)


def test_an_empty_password_is_refused_here_alone(pem: str) -> None:
    pyca = load_pem_public_key(pem.encode())
    assert isinstance(pyca, rsa.RSAPublicKey)
    assert len(pyca.encrypt(b"", PKCS1v15())) == 256
    with pytest.raises(pwseal.Error, match="^the password is empty$"):
        pwseal.PublicKey.parse(pem).encrypt(b"")


def test_base64_is_that_of_python(key: pwseal.PublicKey) -> None:
    text = key.encrypt_base64("hunter2")
    assert base64.b64encode(base64.b64decode(text, validate=True)).decode() == text
