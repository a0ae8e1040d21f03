"""The command line, as the command pwseal."""

import signal
import sys

from ._pwseal import run_command_line


def main() -> int:
    """Run the command line of this process, and return the exit code."""
    # Ctrl-C ends the command at once. Python would wait until its input ends.
    # Who started this may have it ignored, as a shell does for what it runs in the background.
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    return run_command_line(["pwseal", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
