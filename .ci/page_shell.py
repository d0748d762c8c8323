"""The shell that runs the blocks of a page, and the local stack for it: for .ci/examples, .ci/runbook and .ci/operations."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
END, FAILED = "@@end-of-block@@", "@@failed:"
# No block takes so long: it waits for something that does not come.
LONGEST = 300
# How an answer shows that a block went wrong.
WRONG = re.compile(r'docs/errors\.md#|^\{"message":|"errors":\[\{|command not found|: error:|^curl: ', re.M)


class Shell:
    """One shell for many blocks, as a reader has it. It names commands that fail, and ends at a variable without a value."""

    def __init__(self, log, **variables):
        # Cargo's own lines are not what a page shows. The pages read the stack's lines.
        environment = os.environ | {"CARGO_TERM_QUIET": "true", "log": log} | variables
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        self.process = subprocess.Popen(["bash"], cwd=HERE, env=environment, start_new_session=True, **pipes)
        self.run(f"set -E -u -o pipefail; trap 'echo \"{FAILED} $BASH_COMMAND\" >&2' ERR\n")

    def run(self, text, typed="/dev/null"):
        """What a block prints, if a reader types what is in a file."""
        # Commands that read nothing must not read the next block.
        self.process.stdin.write(f"{{\n{text}}} < {typed}\necho; echo {END}\n")
        self.process.stdin.flush()
        ender = threading.Timer(LONGEST, os.killpg, (self.process.pid, signal.SIGKILL))
        ender.start()
        try:
            return self.printed()
        finally:
            ender.cancel()

    def printed(self):
        """The lines up to the end of a block, or of the shell."""
        lines = []
        for line in self.process.stdout:
            if line.strip() == END:
                return "".join(lines)
            lines.append(line)
        self.process.wait()
        return "".join(lines) + f"{FAILED} the shell ended\n"

    def has_ended(self):
        return self.process.poll() is not None

    def end(self):
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.wait()


@contextlib.contextmanager
def stack(log):
    """A new local stack, once its addresses are published."""
    published = HERE / ".local/stack.json"
    began = time.time()
    with open(HERE / log, "w") as lines:
        process = subprocess.Popen(["cargo", "local", "--port", "0"], cwd=HERE, stdout=lines, stderr=lines)
    try:
        while not (published.exists() and published.stat().st_mtime >= began):
            if process.poll() is not None:
                sys.exit(f"cargo local ended: see {log}")
            time.sleep(0.1)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()
