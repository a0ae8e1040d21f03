"""What a new process pays once, and what sharing out gives beside other work: prints what the README of the benchmarks has."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import mean, median
from time import perf_counter

import pwseal

PROCESSES = 60
ROUNDS = 15
KEYS = [
    Path(__file__).parents[3] / "examples/public-key.pem",
    Path(__file__).parents[3] / "crates/pwseal/tests/data/rsa2048.spki.pem",
]

# The second key has the length of the first: only the first encryption tests itself.
ONCE = """
import sys
from time import perf_counter
keys = [open(path, "rb").read() for path in sys.argv[1:]]
times = [perf_counter()]
import pwseal
times.append(perf_counter())
for key in keys:
    pwseal.PublicKey.parse(key).encrypt("correct horse 7")
    times.append(perf_counter())
print(*(end - start for start, end in zip(times, times[1:])))
"""


def once() -> list[float]:
    command = [sys.executable, "-c", ONCE, *map(str, KEYS)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [float(seconds) * 1e6 for seconds in printed.split()]


def print_once() -> None:
    print(f"{PROCESSES} new processes, microseconds | import | first key and password | second | what the first pays more")
    processes = [once() for _ in range(PROCESSES)]
    ways: dict[str, Callable[[list[float]], float]] = {"least": min, "median": median}
    for name, of in ways.items():
        loaded, first, second = (of([times[step] for times in processes]) for step in range(3))
        print(f"{name} | {loaded:.0f} | {first:.0f} | {second:.0f} | {(first - second) / (loaded + first):.1%}")


def print_shared_out() -> None:
    key = pwseal.PublicKey.parse(KEYS[0].read_bytes())
    print("encrypt_many, microseconds for each, mean / median / least | threads=1 | default")
    for programs in [0, 1, 2, 4]:
        others = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(programs)]
        try:
            for count in [5000, 20_000]:
                passwords = ["correct horse 7"] * count
                alone: list[float] = []
                shared: list[float] = []
                for _ in range(ROUNDS):
                    start = perf_counter()
                    key.encrypt_many(passwords, threads=1)
                    between = perf_counter()
                    key.encrypt_many(passwords)
                    alone.append(between - start)
                    shared.append(perf_counter() - between)
                columns = [
                    " / ".join(f"{of(times) / count * 1e6:.2f}" for of in (mean, median, min))
                    for times in (alone, shared)
                ]
                print(f"{count} beside {programs} busy programs | {columns[0]} | {columns[1]}")
        finally:
            for other in others:
                other.kill()
                other.wait()


if __name__ == "__main__":
    print_once()
    print_shared_out()
