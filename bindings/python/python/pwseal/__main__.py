"""The command line, as the command pwseal."""

import signal
import sys

from ._pwseal import run_command_line

if __name__ == "__main__":
    # Ctrl-C ends the command at once. Python would wait until its input ends.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(run_command_line(["python -m pwseal", *sys.argv[1:]]))
