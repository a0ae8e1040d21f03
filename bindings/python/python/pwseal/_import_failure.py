"""What python -m pwseal says when the package cannot be imported."""

import sys


def end_command(error: ImportError) -> None:
    """End python -m pwseal as the command would end, and let every other program have the error.

    Python imports the package before its __main__, which therefore cannot catch it.
    """
    argv = getattr(sys, "argv", [])
    # While Python looks for the module, "-m" stands for its name.
    if argv[:1] == ["-m"] and sys.orig_argv[-len(argv)] in (
        "pwseal",
        "-mpwseal",
        "pwseal.__main__",
    ):
        print(f"pwseal: {error}", file=sys.stderr)
        sys.exit(2)
