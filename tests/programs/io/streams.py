# stdin: first line
import io
import os
import sys
p = f"/tmp/amphis_text_{os.getpid()}.txt"
with open(p, "w") as f:
    print(f.write("hello\nworld\r\nlast"), f.mode, f.name == p, f.encoding.lower(), f.errors, f.closed, f.fileno() > 2, f.isatty())
    print("more", 1, file=f)
print(f.closed)
with open(p) as f:
    print(list(f), f.newlines)
with open(p, newline="") as f:
    print(f.readlines(), f.newlines)
with open(p, "rb") as f:
    print(f.read(), f.peek() if hasattr(f, "peek") else None, f.tell())
    f.seek(0); print(f.readline(), f.read1(3), f.readinto(bytearray(4)))
with open(p, "a+") as f:
    f.write("appended\n"); f.seek(0); print(f.read())
with open(p, "r+b") as f:
    f.seek(2); f.write(b"XX"); f.seek(0); print(f.read(8)); print(f.truncate(5)); 
with open(p, "rb", buffering=0) as f: print(f.read())
try: open(p, "x")
except Exception as e: print(type(e).__name__, str(e).replace(p, "PATH"))
for args in [("/nonexist/a",), (p, "q"), (p, "rw"), (p, "rbt"), (p, "rb", -1, "utf-8"), (p, "r", 0), (3.5,), (p, 5), ("/tmp",)]:
    try: open(*args); print("no error", args)
    except Exception as e: print(type(e).__name__, str(e).replace(p, "PATH"))
f = open(p, "w", encoding="utf-16"); f.write("äöü€"); f.close()
print(open(p, "rb").read(), open(p, encoding="utf-16").read())
f = open(p, "w", encoding="ascii")
try: f.write("ä")
except Exception as e: print(type(e).__name__, str(e).replace(p, "PATH"))
f.close()
try: f.write("x")
except Exception as e: print(type(e).__name__, str(e).replace(p, "PATH"))
try: f.read()
except Exception as e: print(type(e).__name__, str(e).replace(p, "PATH"))
f = open(p, "w")
try: f.read()
except Exception as e: print(type(e).__name__, e, isinstance(e, OSError), isinstance(e, ValueError))
f.close()
f = open(p)
try: f.write("x")
except Exception as e: print(type(e).__name__, str(e).replace(p, "PATH"))
try: f.seek(1,1)
except Exception as e: print(type(e).__name__, str(e).replace(p, "PATH"))
print(repr(f).replace(p, "PATH").lower()); f.close()
s = io.StringIO("a\nb\nc"); print(s.read(2), s.tell(), s.readline(), s.readlines(), s.getvalue())
s.write("dd"); print(s.getvalue(), s.seek(0), s.truncate(3), s.getvalue()); s.close()
try: s.read()
except Exception as e: print(type(e).__name__, str(e).replace(p, "PATH"))
b = io.BytesIO(b"abc\ndef"); print(b.read(2), b.readline(), bytes(b.getbuffer()), b.getvalue(), b.seek(0, 2), b.write(b"zz"), b.getvalue())
import contextlib
o = io.StringIO()
with contextlib.redirect_stdout(o):
    print("captured", end="!"); sys.stdout.write("more")
print(repr(o.getvalue()))
print(str(sys.stdout).lower())
print(sys.stdout.encoding.lower(), sys.stderr.errors, sys.stdout.fileno(), sys.stdout.line_buffering, sys.stderr.line_buffering, sys.stdout.isatty(), sys.stdout.writable(), sys.stdout.readable(), sys.stdin.readable())
sys.stdout.write("w1\n"); print("p1"); sys.stdout.flush(); sys.stdout.buffer.write(b"b1\n"); print("p2"); sys.stdout.flush()
print(input("prompt> ")); 
for l in sys.stdin: print(repr(l))
try: input()
except EOFError as e: print(e)
class W:
    def write(self, s): o2.append(s)
o2 = []
sys.stdout = W(); print("a", "b", 3); sys.stdout = sys.__stdout__; print(o2)
try: print("\ud800")
except Exception as e: print(type(e).__name__, str(e).replace(p, "PATH"))
print("äöü€😀")
t = io.TextIOWrapper(io.BytesIO(b"x\r\ny\n\xff"), encoding="latin-1"); print(t.readlines(), t)
class R(io.RawIOBase):
    def __init__(self): self.d=[b"one\n", b"two\nth", b"ree", b"", b"", b"", b""]
    def readable(self): return True
    def readinto(self, b):
        x=self.d.pop(0); b[:len(x)]=x; return len(x)
print(list(io.BufferedReader(R())))
print(io.TextIOWrapper(io.BufferedReader(R())).read())
print(io.DEFAULT_BUFFER_SIZE)
print(isinstance(sys.stdout, io.TextIOBase), isinstance(f, io.IOBase), isinstance(b, io.BufferedIOBase))
sys.stderr.write("to err\n"); print("err2", file=sys.stderr)
w = io.BufferedWriter(io.FileIO(p, "w"), 4); print(w.write(b"123456789")); w.close(); print(open(p).read())
os.remove(p)
