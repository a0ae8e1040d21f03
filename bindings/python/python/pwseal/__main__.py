"""The command line, as the command pwseal."""

import signal
import sys

from ._pwseal import run_command_line


def main(name: str = "pwseal") -> int:
    """Run the command line of this process, and return the exit code. The name stands in the help."""
    # Ctrl-C ends the command at once. Python would wait until its input ends.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return run_command_line([name, *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main("python -m pwseal"))
