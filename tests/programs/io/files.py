import io, sys, os

p = f"/tmp/amphis_io_{os.getpid()}.txt"
def shown(x): return str(x).replace(p, "PATH")
def t(f, *a):
    try: print(getattr(f, "__name__", "?"), "->", shown(repr(f(*a))))
    except BaseException as e: print(type(e).__name__, shown(e))
f = open(p, "w+", newline="\r\n")
t(f.write, "one\ntwo\n"); t(f.tell); t(f.seek, 0); t(f.read, 3); t(f.tell); t(f.readline); t(f.write, "X"); t(f.seek, 0, 2); t(f.tell); t(f.flush); t(f.truncate, 4); t(f.seek,0); t(f.read)
t(f.seek, 0, 3); t(f.seek, -1); t(f.close); t(f.close); t(f.flush); t(f.fileno); t(f.isatty); t(f.readable); t(f.__enter__); t(next, f)
f = open(p, "w", encoding="utf-8"); f.write("äöü\nß€\n"*3); f.close()
f = open(p, encoding="utf-8"); t(f.read, 2); c = f.tell(); print(c); t(f.readline); t(f.seek, c); t(f.read, 4); 
for l in f: t(f.tell); break
t(f.seek, 0); t(f.readlines, 5); t(f.buffer.tell); t(f.detach); t(f.read); print(shown(f))
f = open(p, encoding="ascii"); t(f.read); f.close()
f = open(p, encoding="ascii", errors="replace"); t(f.readline); f.close()
f = open(p, encoding="nonexist") if 0 else None
t(open, p, "r", -1, "nonexist"); t(open, p, "r", -1, "rot13"); t(open, p, "r", -1, "utf-8", "nonsense")
t(open, p, "r", -1, None, None, "z"); t(open, p, "r", -1, 5)
f = open(p, encoding="cp1252"); t(f.readline); f.close()
f = open(p, "w", encoding="cp1252"); t(f.write, "€ä"); t(f.write, "\u4e00"); f.close(); print(open(p,"rb").read())
f = open(p, "wb"); t(f.write, "x"); t(f.write, 5); t(f.write, bytearray(b"abc")); t(f.write, memoryview(b"xyz")); t(f.writelines, [b"1", b"2"]); t(f.tell); t(f.seek, 1); t(f.write, b"Q"); t(f.read); t(f.readinto, bytearray(1)); f.close(); print(open(p,"rb").read())
f = open(p, "rb"); ba = bytearray(4); t(f.readinto, ba); print(ba); t(f.read, -1); t(f.read, 3); t(f.seek, -2, 2); t(f.read); t(f.seek, 0); t(f.readinto1, ba); t(f.peek, 1); t(f.readlines); t(f.write, b"x"); t(f.truncate); t(f.seek, -5); t(f.readinto, b"abc"); t(f.read, "a"); f.close(); t(f.read); t(f.tell); t(f.readline); t(f.seek, 0); t(f.peek)
print(shown(f))
f = open(p, "ab"); t(f.tell); t(f.write, b"++"); t(f.tell); f.close()
f = open(p, "r+"); t(f.read, 1); t(f.write, "ZZ"); f.close(); print(open(p).read())
f = io.FileIO(p); print(shown(f), f.mode, f.name == p, f.closefd, f.readall(), f.seekable(), f.readable(), f.writable()); t(f.write, b"z"); f.close(); t(f.read); print(shown(f))
t(io.FileIO, p, "zz"); t(io.FileIO, -1);  t(open, -1);
fd = os.open(p, os.O_RDONLY); f = open(fd, "rb", closefd=False); t(f.read); f.close(); os.close(fd); print(f.name == fd)
t(open, p, "rb", 0, None, None, None, False)
def opener(path, flags): print("opener", path == p, flags & 3); return os.open(path, flags)
f = open(p, opener=opener); t(f.read); f.close()
t(lambda: open(p, opener=lambda p, f: -2)); t(lambda: open(p, opener=lambda p, f: "x"))
s = io.StringIO(newline=None); t(s.write, "a\r\nb\rc\n"); t(s.getvalue); print(s.newlines)
s = io.StringIO("x\ny", newline="\r\n"); t(s.getvalue); t(s.read)
s = io.StringIO("abc"); t(s.seek, 5); t(s.write, "Z"); t(s.getvalue); t(s.seek, -1); t(s.seek, 1, 1); t(s.seek, 0, 2); t(s.read); t(s.write, 5); t(s.write, b"x"); t(io.StringIO, 5); t(s.fileno); t(s.detach); print(s.closed, s.encoding, s.errors, s.line_buffering)
print(list(io.StringIO("q\nw\n"))); t(s.__getstate__); t(s.truncate, 2); t(s.getvalue)
w = io.BufferedRandom(io.BytesIO(b"hello world")); t(w.read, 5); t(w.write, b"XX"); t(w.seek, 0); t(w.read); t(w.raw.getvalue)
p2 = io.BufferedRWPair(io.BytesIO(b"in"), io.BytesIO()); t(p2.read, 1); t(p2.write, b"q"); t(p2.readable); t(p2.close); 
t(io.TextIOWrapper, 5); t(io.TextIOWrapper, io.BytesIO(), "utf-8", "strict", "\n", True, True)
tw = io.TextIOWrapper(io.BytesIO(b"abc\n")); t(tw.reconfigure); tw.reconfigure(line_buffering=True, newline="\n"); print(tw.line_buffering, tw.newlines, tw.buffer.getvalue()); t(tw.read, 1); t(lambda: tw.reconfigure(encoding="ascii"))
print(issubclass(io.FileIO, io.RawIOBase), isinstance(open(p), io.TextIOBase), io.IOBase.__mro__, io.TextIOWrapper.__mro__)
t(io.IOBase().readline); t(io.RawIOBase().read, 3); t(io.IOBase().fileno); t(io.IOBase().seek, 1); t(io.IOBase()._checkReadable); t(io.TextIOBase().read)
with open(p) as g: pass
t(g.__exit__); t(g.read)
d = io.IncrementalNewlineDecoder(None, True); t(d.decode, "a\r"); t(d.decode, "\nb\r\n"); print(d.newlines); t(d.getstate); t(d.reset)
with open(p, "w") as f1, open(p + "x", "w") as f2: print("q", file=f1); print("w", file=f2)
print(io.open is open, open.__module__, open.__name__, io.StringIO.__module__, io.UnsupportedOperation.__module__, io.UnsupportedOperation.__mro__)
for x in (sys.stdin.name, sys.stdout.mode, sys.stdin.newlines): print(x)
print(sys.stdout.closed, sys.stdout.seekable() in (True, False))
import warnings
t(sys.stdout.write, 5); t(print, "x", "y", 3); 
try: print(file=5)
except Exception as e: print(type(e).__name__, e)
print("a", "b", sep="", end="|\n", flush=True, file=None)
class N:
    def write(self, x): raise KeyError("no")
try: print("a", file=N())
except Exception as e: print(type(e).__name__, e)

os.remove(p); os.remove(p + "x")
