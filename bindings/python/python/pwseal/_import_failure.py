"""What the command says when the package cannot be imported."""

import os.path
import sys


def end_command(error: ImportError) -> None:
    """End the scripts pwseal and python -m pwseal as the command would end, and let every other program have the error.

    Python imports the package before its __main__, which therefore cannot catch it.
    """
    argv = getattr(sys, "argv", [])
    # While Python looks for the module, "-m" stands for its name.
    is_module = argv[:1] == ["-m"] and sys.orig_argv[-len(argv)] in (
        "pwseal",
        "-mpwseal",
        "pwseal.__main__",
    )
    is_script = argv[:1] != [] and os.path.basename(argv[0]) in ("pwseal", "pwseal.exe")
    if is_module or is_script:
        print(f"pwseal: {error}", file=sys.stderr)
        sys.exit(2)
