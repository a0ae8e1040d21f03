import subprocess
import sys


def test_an_import_loads_nothing_but_the_package() -> None:
    code = (
        "import sys; before = set(sys.modules); import pwseal;"
        "print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["pwseal", "pwseal._errors", "pwseal._pwseal"]
