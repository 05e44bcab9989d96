#!/usr/bin/env python3
"""Runs a command and prints its peak resident memory in bytes as the last line.

usage: peak_memory.py COMMAND [ARGUMENT...]
"""
import os
import subprocess
import sys

process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, usage = os.wait4(process.pid, 0)
if os.waitstatus_to_exitcode(status) != 0:
    sys.exit(f"{sys.argv[1:]} failed")
print(usage.ru_maxrss * 1024)
