"""What a cradle may bear: tells how it finds itself, then ends as it was told or waits."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading

if __name__ == "__main__":
    found = {
        "pid": os.getpid(),
        "session": os.getsid(0),
        "words": sys.argv[1:],
        "env": dict(os.environ),
        "cwd": os.getcwd(),
        "threads": threading.active_count(),
        "descriptors": sorted(os.listdir("/dev/fd")) if os.path.isdir("/dev/fd") else [],
    }
    print(json.dumps(found), flush=True)
    if "wait" in sys.argv:
        signal.pause()
    sys.exit(int(sys.argv[1]))
