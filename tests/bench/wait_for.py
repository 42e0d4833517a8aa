"""Runs the program given as arguments and prints one line of JSON: seconds, processor seconds, peak memory."""

import json
import os
import subprocess
import sys
import time

started = time.monotonic()
program = subprocess.Popen(sys.argv[1:])
_, status, usage = os.wait4(program.pid, 0)
seconds = time.monotonic() - started
unit = 1 if sys.platform == "darwin" else 1024
figures = {
    "seconds": seconds,
    "cpu_seconds": usage.ru_utime + usage.ru_stime,
    "peak_mb": usage.ru_maxrss * unit / 1e6,
}
print(json.dumps(figures), flush=True)
sys.exit(os.waitstatus_to_exitcode(status))
