"""Times pwseal beside pyca/cryptography, in turn, and prints what the README of the benchmarks has."""

import platform
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter

import cryptography
import pwseal
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

PASSWORD = b"correct horse 7"
INFO = Path(__file__).parents[3] / "examples/password-info.json"
ROUNDS = 61
ROUND_SECONDS = 0.004


def per_call(function: Callable[[], object], calls: int) -> float:
    start = perf_counter()
    for _ in range(calls):
        function()
    return (perf_counter() - start) / calls


def race(functions: dict[str, Callable[[], object]]) -> dict[str, float]:
    """The least time of a call of each in microseconds: what other work disturbs takes longer.
    They take turns in short rounds, so that each has the same chance to be undisturbed."""
    calls = {}
    for name, function in functions.items():
        calls[name] = max(1, int(ROUND_SECONDS / per_call(function, 3)))
    times: dict[str, list[float]] = {name: [] for name in functions}
    for _ in range(ROUNDS):
        for name, function in functions.items():
            times[name].append(per_call(function, calls[name]))
    return {name: min(of_one) * 1e6 for name, of_one in times.items()}


def keys(bits: int) -> tuple[pwseal.PublicKey, RSAPublicKey]:
    pyca = generate_private_key(65537, bits).public_key()
    der = pyca.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return pwseal.PublicKey.from_der(der), pyca


def bodies() -> dict[str, Callable[[], object]]:
    """What an account takes: each method of the password-info beside what it is made of."""
    info = pwseal.PasswordInfo.from_json(INFO.read_bytes())
    key, policy, items = info.key, info.policy, [(None, PASSWORD)] * 1000
    return {
        "key.encrypt_base64": lambda: key.encrypt_base64(PASSWORD),
        "info.change_request": lambda: info.change_request(PASSWORD),
        "info.change_request_many, each 1000": lambda: list(info.change_request_many(items)),
        "policy.check": lambda: policy.check(PASSWORD),
        "info.check": lambda: info.check(PASSWORD),
    }


def import_milliseconds(module: str) -> float:
    """What a new interpreter needs for the module and all that it imports."""
    command = [sys.executable, "-X", "importtime", "-c", f"import {module}"]
    times = []
    for _ in range(21):
        report = subprocess.run(command, capture_output=True, text=True, check=True).stderr
        line = next(line for line in report.splitlines() if line.split("|")[-1] == f" {module}")
        times.append(int(line.split("|")[1]) / 1000)
    return median(times)


def cpu() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    fields = dict(line.split("\t: ", 1) for line in lines if "\t: " in line)
    family, model = fields.get("cpu family", "?"), fields.get("model\t", "?")
    return f"{fields.get('model name', '?')}, family {family}, model {model}"


def main() -> None:
    wheel = Path(sys.argv[1])
    print(f"{cpu()}; Python {platform.python_version()}, cryptography {cryptography.__version__}\n")
    print("| microseconds for each password | 2048 | ratio | 3072 | ratio | 4096 | ratio |")
    print("|---|---|---|---|---|---|---|")
    rows: dict[str, list[str]] = {}
    for bits in (2048, 3072, 4096):
        key, pyca = keys(bits)
        batches = {f"key.encrypt_many, {n}": [PASSWORD] * n for n in (8, 64, 128, 1000, 10_000)}
        functions: dict[str, Callable[[], object]] = {
            "public_key.encrypt of cryptography": lambda: pyca.encrypt(PASSWORD, PKCS1v15()),
            "key.encrypt": lambda: key.encrypt(PASSWORD),
            "key.encrypt_base64": lambda: key.encrypt_base64(PASSWORD),
        }
        functions |= {name: partial(key.encrypt_many, batch) for name, batch in batches.items()}
        times = race(functions)
        theirs = times["public_key.encrypt of cryptography"]
        for name, time in times.items():
            time /= len(batches.get(name, [PASSWORD]))
            rows.setdefault(name, []).append(f"{time:.2f} | {theirs / time:.1f}")
    for name, cells in rows.items():
        print(f"| {name} | {' | '.join(cells)} |")
    print("\n| microseconds for one account | |\n|---|---|")
    for name, time in race(bodies()).items():
        print(f"| {name} | {time:.2f} |")
    asymmetric = "cryptography.hazmat.primitives.asymmetric.rsa"
    print(f"\nimport pwseal: {import_milliseconds('pwseal'):.1f} ms")
    print(f"import {asymmetric}: {import_milliseconds(asymmetric):.1f} ms")
    print(f"wheel: {wheel.stat().st_size / 2**20:.2f} MiB ({wheel.name})")


if __name__ == "__main__":
    main()
