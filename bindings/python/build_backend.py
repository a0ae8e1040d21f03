"""maturin, which on a machine without Rust says so at once, and downloads no toolchain."""

import shutil
import sys
from typing import Any

import maturin
from maturin import build_editable, build_sdist, build_wheel

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
    "prepare_metadata_for_build_editable",
    "prepare_metadata_for_build_wheel",
]

prepare_metadata_for_build_editable = maturin.prepare_metadata_for_build_editable
prepare_metadata_for_build_wheel = maturin.prepare_metadata_for_build_wheel


def get_requires_for_build_wheel(config_settings: Any = None) -> list[str]:
    """Nothing more, if there is Rust."""
    if shutil.which("cargo") is None:
        sys.exit(
            "pwseal: there is no wheel for this machine, and to build one takes Rust 1.89 or newer: "
            "install cargo and rustc, and put them into PATH"
        )
    return []


get_requires_for_build_editable = get_requires_for_build_wheel
get_requires_for_build_sdist = get_requires_for_build_wheel
