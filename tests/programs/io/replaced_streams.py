import contextlib
import io
import os
import sys

path = f"/tmp/amphis_replaced_{os.getpid()}.txt"
o = sys.stdout
def t(f, *a, **k):
    try: o.write(f"{f(*a, **k)!r}\n")
    except BaseException as e: o.write(f"{type(e).__name__} {e}\n")
sys.stdout = None; print("nothing"); t(print, "x", flush=True); sys.stdout = o
del sys.stdout; t(print, "x"); t(input); sys.stdout = o
e = io.StringIO()
with contextlib.redirect_stderr(e): print("err", file=sys.stderr)
print(repr(e.getvalue()))
e = io.StringIO(); sys.stderr = e
class D:
    def __del__(self): raise ValueError("in del")
D(); import gc; gc.collect(); sys.stderr = sys.__stderr__
print("in del" in e.getvalue())
real = sys.stdin; sys.stdin = io.StringIO("l1\nl2\n"); print(input(), input("p>")); t(input); sys.stdin = None; t(input); sys.stdin = real
class NoFlush:
    def write(self, s): o.write("[" + s + "]")
sys.stdout = NoFlush(); print("a", 1); t(print, "b", flush=True); sys.stdout = o
print("tail")
f = open(path, "w", encoding="latin-1"); print("ä", file=f); t(print, "€", file=f); f.close(); t(print, "x", file=f); print(open(path, "rb").read())
b = io.BytesIO(); w = io.TextIOWrapper(b, encoding="utf-16", newline="\r\n", write_through=True); print("hi", "there", file=w); print(b.getvalue())
sys.stdout.reconfigure(errors="backslashreplace"); print("\ud800 ok"); sys.stdout.reconfigure(encoding="ascii", errors="xmlcharrefreplace"); print("ä€"); sys.stdout.reconfigure(encoding="utf-8", errors="strict", line_buffering=True); print("ö", sys.stdout.line_buffering, sys.stdout.encoding.lower(), sys.stdout.errors)
class T(io.TextIOBase):
    def write(self, s): o.write(s.upper()); return len(s)
with contextlib.redirect_stdout(T()): print("upper", end="\n")
os.path.exists(path) and os.remove(path); print(sys.stdout.write("n\n"), sys.stdout.writelines(["a\n", "b\n"]), sys.stdout.tell.__name__, sys.stdout.name, sys.stdout.closed)
t(lambda: sys.stdout.read()); t(lambda: sys.stdin.write("x")); t(lambda: next(sys.stdout))
r, wfd = os.pipe(); pw = open(wfd, "w"); pr = open(r); pw.write("via pipe\n"); pw.flush(); print(pr.readline(), end=""); pw.close(); print(repr(pr.read())); pr.close(); t(lambda: pr.read())
os.write(1, b"raw\n"); print("after raw"); sys.stdout.flush(); os.write(1, b"raw2\n"); print("dup", file=open(os.dup(1), "w"))
with open(path, "w+b") as f: print(f.write(b"abc"), f.seek(0), f.readinto(bytearray(2)), f.name == path, f.mode, f.raw.mode, f.closed, f.fileno() > 2, f.readable(), f.writable(), f.seekable())
for l in open(path, buffering=1): print(l)
os.remove(path)
import pathlib, tempfile
p = pathlib.Path(path); print(p.write_text("zwölf\n"), p.read_text(), p.read_bytes(), p.exists(), p.stat().st_size); p.unlink()
with tempfile.TemporaryDirectory() as d: q = os.path.join(d, "a"); open(q, "w").write("unclosed"); print(open(q).read(), os.listdir(d))
with tempfile.NamedTemporaryFile("w+") as g: g.write("q"); g.seek(0); print(g.read())
