def t(f, *a, **k):
    try:
        print(f(*a, **k))
    except Exception as e:
        print(type(e).__name__ + ":", e)

import sys
print(); print(1, 2, sep=""); print(1, 2, sep=None, end=None); print("a", "b", sep="--", end="!\n"); print(*[1, 2], sep="\n"); print("é", "\U0001F600", "\x00")
t(print, sep=5); t(print, end=5); t(print, foo=1); t(print, file=5)
class W:
    def __init__(self): self.parts = []
    def write(self, s): self.parts.append(s)
    def flush(self): self.parts.append("flush")
w = W(); print("a", 1, file=w); print(file=w, end="x"); print("b", "c", sep="/", file=w, flush=True); print(w.parts)
old = sys.stdout; sys.stdout = w = W(); print("captured", 5); sys.stdout = old; print(w.parts)
print("x", file=None); print("flush", flush=True)
class S:
    def __str__(self): return "str"
    def __repr__(self): return "repr"
print(S(), [S()], repr(S()), str(S()), f"{S()}{S()!r}", (S(),), {S(): S()} if False else "")
class Bad:
    def __str__(self): return 5
    def __repr__(self): raise ValueError("no repr")
t(print, Bad()); t(str, Bad()); t(repr, Bad()); t(repr, [Bad()])
class R:
    def __repr__(self): return 7
t(repr, R()); t(str, R()); t(ascii, R())
print(repr("a'b"), repr('a"b'), repr("a'b\"c"), repr("\n\t\\"), ascii("\u4e00"), repr(b"x\xff"), [1.0, -0.0, 1e100, float("inf")], None, True, ..., NotImplemented)
print(print(end=""))
