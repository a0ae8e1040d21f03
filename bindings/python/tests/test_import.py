import os
import subprocess
import sys


def test_an_import_loads_nothing_but_the_package() -> None:
    code = (
        "import sys; before = set(sys.modules); import pwseal;"
        "print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [
        "pwseal",
        "pwseal._errors",
        "pwseal._exchange",
        "pwseal._pwseal",
    ]


def test_an_unknown_backend_in_the_environment_is_an_import_error() -> None:
    child = subprocess.run(
        [sys.executable, "-c", "import pwseal"],
        env={**os.environ, "PWSEAL_BACKEND": "abacus"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert child.returncode == 1
    assert "ImportError: the environment variable PWSEAL_BACKEND: no backend has this name" in child.stderr
