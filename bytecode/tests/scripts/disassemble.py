"""Disassembles .pyc files, named on the lines of a file, into the folder of that file; and says what is printable.

Each line is: number of the output, options (letters C and O, or -), path.
"""
import dis
import io
import marshal
import os
import sys

folder = os.path.dirname(sys.argv[1])
with open(sys.argv[1]) as lines:
    for line in lines:
        number, options, path = line.rstrip("\n").split("\t")
        with open(path, "rb") as file:
            code = marshal.loads(file.read()[16:])
        out = io.StringIO()
        dis.dis(code, file=out, show_caches="C" in options, show_offsets="O" in options)
        with open(os.path.join(folder, number + ".txt"), "w", encoding="utf-8", errors="surrogatepass") as file:
            file.write(out.getvalue())
