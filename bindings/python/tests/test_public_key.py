import base64
import hashlib
import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pwseal
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
    load_pem_public_key,
)

PASSWORD = "pässwörd €"

Decrypt = Callable[[bytes], bytes]


def forms(private_key: RSAPrivateKey) -> list[str | bytes | bytearray | memoryview]:
    """One key, as pyca/cryptography writes it."""
    key = private_key.public_key()
    pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    pkcs1 = key.public_bytes(Encoding.DER, PublicFormat.PKCS1)
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    text = base64.b64encode(der).decode()
    return [pem, pem.decode(), pkcs1, der, bytearray(der), memoryview(der), text, text.encode()]


def test_every_form_gives_the_key_that_pyca_wrote(private_key: RSAPrivateKey) -> None:
    public = private_key.public_key()
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    for form in forms(private_key):
        key = pwseal.PublicKey.parse(form)
        assert key.bits == public.key_size
        assert key.exponent == public.public_numbers().e
        assert key.fingerprint == hashlib.sha256(der).hexdigest()
        assert key.max_password_len == public.key_size // 8 - 11


def certificate(private_key: RSAPrivateKey, encoding: Encoding) -> bytes:
    """A certificate of the key, as pyca/cryptography writes it."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "acme")])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private_key.public_key())
        .serial_number(7)
        .not_valid_before(datetime(2026, 1, 1))
        .not_valid_after(datetime(2027, 1, 1))
    )
    return builder.sign(private_key, SHA256()).public_bytes(encoding)


def test_each_constructor_reads_its_own_form(
    key: pwseal.PublicKey, private_key: RSAPrivateKey
) -> None:
    public = private_key.public_key()
    spki = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    read = [
        pwseal.PublicKey.from_der(spki),
        pwseal.PublicKey.from_der(bytearray(spki)),
        pwseal.PublicKey.from_base64(base64.b64encode(spki)),
        pwseal.PublicKey.from_base64(base64.encodebytes(spki).decode()),
        pwseal.PublicKey.from_pem(pem),
        pwseal.PublicKey.from_pem(pem.decode()),
        pwseal.PublicKey.from_pem("für Zoë\n".encode("latin-1") + pem + b"\xff"),
        pwseal.PublicKey.from_certificate(certificate(private_key, Encoding.DER)),
        pwseal.PublicKey.from_certificate(certificate(private_key, Encoding.PEM).decode()),
        pwseal.PublicKey.parse(certificate(private_key, Encoding.PEM)),
    ]
    assert {other.fingerprint for other in read} == {key.fingerprint}


def test_each_constructor_refuses_other_forms_by_name(private_key: RSAPrivateKey) -> None:
    public = private_key.public_key()
    spki = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    pkcs1 = public.public_bytes(Encoding.DER, PublicFormat.PKCS1)
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    key = pwseal.PublicKey
    refused: list[tuple[Callable[[], pwseal.PublicKey], str]] = [
        (lambda: key.from_der(pkcs1), "structure is PKCS#1 RSAPublicKey, and SubjectPublicKeyInfo"),
        (lambda: key.from_base64(pem), "the key is PEM, where bare base64 is wanted"),
        (lambda: key.from_base64(b"\xff"), "byte 0 is not UTF-8"),
        (lambda: key.from_pem(base64.b64encode(spki)), "the key has no PEM block"),
        (lambda: key.from_pem(spki), "the key has no PEM block"),
        (lambda: key.from_pem(b"\xff"), "byte 0 is not UTF-8"),
        (lambda: key.from_certificate(spki), "and X.509 certificate is wanted"),
    ]
    for read, message in refused:
        with pytest.raises(pwseal.InvalidKeyError, match=re.escape(message)):
            read()
    with pytest.raises(TypeError, match="^a buffer of bytes is wanted, not str"):
        key.from_der("MIIB")  # type: ignore[arg-type]


def test_the_position_of_what_is_wrong_is_an_attribute() -> None:
    with pytest.raises(pwseal.InvalidKeyError) as raised:
        pwseal.PublicKey.parse("MIIB!jAN")
    assert raised.value.position == 4
    with pytest.raises(pwseal.InvalidKeyError) as raised:
        pwseal.PublicKey.parse("")
    assert raised.value.position is None


def test_an_exponent_of_more_than_64_bits_is_a_python_int() -> None:
    modulus = (b"\x02\x82\x01\x01\x00" + b"\xff" * 256).hex()
    exponent = "0209010000000000000001"
    body = bytes.fromhex(modulus + exponent)
    key = pwseal.PublicKey.parse(b"\x30\x82" + len(body).to_bytes(2) + body)
    assert key.exponent == 2**64 + 1


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("", "the key is empty"),
        (b"AIIBIjAN", "the key is not DER: it does not start with 0x30"),
        ("MII\ud800", "the text has half a surrogate pair at position 3"),
    ],
)
def test_a_key_that_cannot_be_read_is_explained(key: str | bytes, message: str) -> None:
    with pytest.raises(pwseal.Error, match=re.escape(message)):
        pwseal.PublicKey.parse(key)


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_bytes_are_encrypted_as_they_are(
    key: pwseal.PublicKey, decrypt: Decrypt, kind: type[bytes | bytearray | memoryview]
) -> None:
    for password in [PASSWORD.encode(), b"\0\xff\n", b"x" * 245]:
        given = kind(password)
        assert decrypt(key.encrypt(given)) == password
        assert bytes(given) == password, "the caller's buffer is left alone"


def test_text_is_encrypted_as_utf_8(key: pwseal.PublicKey, decrypt: Decrypt) -> None:
    for password in ["hunter2", PASSWORD, "\0", "\N{GRINNING FACE}", "é" * 122]:
        assert decrypt(key.encrypt(password)) == password.encode()


def test_a_part_of_a_buffer_is_a_password(key: pwseal.PublicKey, decrypt: Decrypt) -> None:
    buffer = bytearray(b"hunter2\n......")
    assert decrypt(key.encrypt(memoryview(buffer)[:7])) == b"hunter2"
    buffer.append(0)  # No view of it is kept, which would forbid this.


def test_base64_is_one_line(key: pwseal.PublicKey, decrypt: Decrypt) -> None:
    text = key.encrypt_base64(PASSWORD)
    assert len(text) == 344
    assert decrypt(base64.b64decode(text, validate=True)) == PASSWORD.encode()


def test_no_two_ciphertexts_are_alike(key: pwseal.PublicKey) -> None:
    assert len({key.encrypt(PASSWORD) for _ in range(50)}) == 50


@pytest.mark.parametrize(
    ("password", "message"),
    [
        ("", "the password is empty"),
        (b"", "the password is empty"),
        ("h" * 246, "the password has 246 bytes; the longest that this key can encrypt has 245"),
        ("é" * 123, "the password has 246 bytes; the longest that this key can encrypt has 245"),
        (
            "hunter2\udc80",
            "the text has half a surrogate pair at position 7, which UTF-8 cannot hold",
        ),
    ],
)
def test_a_password_that_cannot_be_encrypted_is_not_shown(
    key: pwseal.PublicKey, password: str | bytes, message: str
) -> None:
    for encrypt in [key.encrypt, key.encrypt_base64]:
        with pytest.raises(pwseal.Error) as raised:
            encrypt(password)
        assert str(raised.value) == message
        assert raised.value.args == (message,)
        # Python's own UnicodeEncodeError would hold the whole text.
        assert raised.value.__cause__ is None
        assert raised.value.__context__ is None


@pytest.mark.parametrize("password", [None, 7, ["hunter2"], object()])
def test_a_wrong_type_is_a_type_error(key: pwseal.PublicKey, password: object) -> None:
    name = type(password).__name__
    functions: list[Callable[[Any], object]] = [
        key.encrypt,
        key.encrypt_base64,
        lambda password: key.encrypt_many(["hunter2", password]),
        pwseal.PublicKey.parse,
    ]
    for function in functions:
        with pytest.raises(TypeError) as raised:
            function(password)
        message = f"str or a buffer of bytes is wanted, not {name}"
        index = getattr(raised.value, "index", None)
        prefix = "" if index is None else f"the password at index {index} of the batch: "
        assert str(raised.value) == prefix + message
        assert index in (None, 1)


def test_the_repr_names_the_key(key: pwseal.PublicKey) -> None:
    assert repr(key) == f"<pwseal.PublicKey of 2048 bits, SHA-256 {key.fingerprint}>"


def test_there_is_no_constructor() -> None:
    for arguments in [(), ("x",), ("x", 1)]:
        with pytest.raises(TypeError, match=r"^PublicKey.parse\(key\) reads a key"):
            pwseal.PublicKey(*arguments)  # type: ignore[arg-type]


def test_keys_go_to_cryptography_and_back(key: pwseal.PublicKey, private_key: RSAPrivateKey) -> None:
    for theirs in [private_key, private_key.public_key(), load_pem_public_key(key.to_pem().encode())]:
        assert pwseal.PublicKey.from_cryptography(theirs) == key  # type: ignore[arg-type]
    assert load_der_public_key(key.to_der()) == private_key.public_key()
    for other in [None, b"key", ec.generate_private_key(ec.SECP256R1()), object()]:
        with pytest.raises(TypeError, match="^an RSAPublicKey of cryptography is wanted, not "):
            pwseal.PublicKey.from_cryptography(other)  # type: ignore[arg-type]


def test_a_jwk_is_read_and_nothing_else(key: pwseal.PublicKey, private_key: RSAPrivateKey) -> None:
    numbers = private_key.public_key().public_numbers()
    n = base64.urlsafe_b64encode(numbers.n.to_bytes(256, "big")).decode().rstrip("=")
    jwk = {"kty": "RSA", "n": n, "e": "AQAB", "kid": "1"}
    forms: list[Any] = [jwk, json.dumps(jwk), json.dumps(jwk).encode(), {"keys": [jwk]}]
    for form in forms:
        assert pwseal.PublicKey.from_jwk(form) == key
    with pytest.raises(pwseal.InvalidKeyError, match="^the key's structure is SubjectPublicKeyInfo"):
        pwseal.PublicKey.from_jwk(key.to_pem())


@pytest.mark.parametrize("secret", ["correct horse 7", b"correct horse 7"])
def test_a_secret_of_pydantic_is_read(
    key: pwseal.PublicKey, info: pwseal.PasswordInfo, decrypt: Callable[[bytes], bytes], secret: Any
) -> None:
    class Secret:
        def get_secret_value(self) -> Any:
            return secret

    assert decrypt(key.encrypt(Secret())) == b"correct horse 7"
    assert info.check(Secret()).all_passed
    with pytest.raises(TypeError, match="^only a buffer that can be written can be wiped"):
        key.encrypt(Secret(), wipe=True)


def test_a_secret_that_holds_itself_is_a_type_error(key: pwseal.PublicKey) -> None:
    class Secret:
        def get_secret_value(self) -> Any:
            return self

    with pytest.raises(TypeError, match="^str or a buffer of bytes is wanted, not Secret"):
        key.encrypt(Secret())
    api = pwseal.Api("v3", "acme")
    with pytest.raises(TypeError, match="^str is wanted, not Secret"):
        api.password_change_status("1", token=Secret())
