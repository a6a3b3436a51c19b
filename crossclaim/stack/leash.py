"""Runs a command that dies with its parent: ``leash.py PARENT SIGNAL UID GID -- COMMAND ...``.

It is a program of its own because the alternative, code between fork and exec in a process with
threads, may deadlock. Only the standard library is at hand. UID and GID are -1 to stay as we are.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    parent, signal, uid, gid = (int(word) for word in sys.argv[1:5])
    command = sys.argv[6:]
    if uid >= 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if sys.platform == "linux":
        # After setuid, which clears it; kept across exec.
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl")
    # The parent may have died before the call above.
    if os.getppid() != parent:
        sys.exit(1)
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
