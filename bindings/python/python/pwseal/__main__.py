"""The command line, as the command pwseal."""

import signal
import sys

from ._pwseal import run_command_line


def main() -> int:
    """Run the command line of this process, and return the exit code."""
    # Ctrl-C ends the command at once. Python would wait until its input ends.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return run_command_line(["pwseal", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
