"""The example key, whose private half is opened with pyca/cryptography, and the example answer."""

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pwseal
import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from hypothesis import HealthCheck, settings
from loopback import Server

EXAMPLES = Path(__file__).parents[3] / "examples"

# Without it hypothesis would write into the folder of the examples.
# And nothing fails because the machine is slow.
settings.register_profile(
    "pwseal", database=None, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("pwseal")


@pytest.fixture(scope="session")
def private_key() -> RSAPrivateKey:
    key = load_pem_private_key((EXAMPLES / "private-key.pem").read_bytes(), None)
    assert isinstance(key, RSAPrivateKey)
    return key


@pytest.fixture(scope="session")
def decrypt(private_key: RSAPrivateKey) -> Callable[[bytes], bytes]:
    return lambda ciphertext: private_key.decrypt(ciphertext, PKCS1v15())


@pytest.fixture(scope="session")
def pem() -> str:
    return (EXAMPLES / "public-key.pem").read_text()


@pytest.fixture(scope="session")
def key(pem: str) -> pwseal.PublicKey:
    return pwseal.PublicKey.parse(pem)


@pytest.fixture(scope="session")
def info_json() -> str:
    return (EXAMPLES / "password-info.json").read_text()


@pytest.fixture(scope="session")
def info(info_json: str) -> pwseal.PasswordInfo:
    return pwseal.PasswordInfo.from_json(info_json)


@pytest.fixture
def server(info_json: str, decrypt: Callable[[bytes], bytes]) -> Iterator[Server]:
    answer = json.loads(info_json)
    answer["accounts"].append({"accountId": "1002", "accountName": "abby.admin"})
    with Server(answer, decrypt) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
