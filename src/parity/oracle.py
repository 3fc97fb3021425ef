"""Compiles the files named on standard input; writes for each a length, the seconds it took, and the marshalled code.

A file that does not compile has a negative length: the message's, whose text follows instead of the code.
"""
import marshal
import struct
import sys
import time
import warnings

warnings.simplefilter("ignore")
for path in sys.stdin.buffer:
    path = path.rstrip(b"\n").decode("utf-8", "surrogateescape")
    started = time.perf_counter()
    try:
        with open(path, "rb") as file:
            source = file.read()
        started = time.perf_counter()
        code = compile(source, path, "exec", dont_inherit=True, optimize=0)
        seconds = time.perf_counter() - started
        answer = marshal.dumps(code)
        length = len(answer)
    except Exception as error:
        seconds = time.perf_counter() - started
        answer = f"{type(error).__name__}: {error}".encode("utf-8", "replace")
        length = -len(answer)
    sys.stdout.buffer.write(struct.pack("<qd", length, seconds) + answer)
    sys.stdout.buffer.flush()
