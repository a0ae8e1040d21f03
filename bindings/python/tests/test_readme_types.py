"""The examples of both READMEs are code that mypy --strict takes."""

import doctest
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1]


@pytest.mark.parametrize("folder", [PACKAGE, PACKAGE.parents[1]], ids=["package", "project"])
def test_mypy_takes_the_examples(folder: Path, tmp_path: Path) -> None:
    examples = doctest.DocTestParser().get_examples((folder / "README.md").read_text())
    assert examples
    file = tmp_path / "readme.py"
    file.write_text("".join(example.source for example in examples))
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path), str(file)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
