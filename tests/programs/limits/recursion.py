# stress: 500
# RecursionError comes at the same depth whatever the machine, and the program goes on afterwards.
import sys
def depth():
    n = 0
    def f():
        nonlocal n
        n += 1
        f()
    try: f()
    except RecursionError as e: return n, str(e)
print(sys.getrecursionlimit(), depth()[1])
for limit in (100, 150, 1000, 5000):
    sys.setrecursionlimit(limit)
    d1, d2 = depth()[0], depth()[0]
    print(d1 == d2, limit - d1 < 10)
for bad in (0, -1, "x", 2 ** 40):
    try: sys.setrecursionlimit(bad)
    except (ValueError, TypeError, OverflowError) as e: print(type(e).__name__, e)
sys.setrecursionlimit(1000)
def deep(n): return n if n == 0 else 1 + deep(n - 1)
print(deep(900))
class R:
    def __repr__(self): return repr(self)
    def __eq__(self, o): return self == o
    def __hash__(self): return hash(self)
    def __getattr__(self, n): return getattr(self, n)
    def __iter__(self): return iter(self)
    def __call__(self): return self()
    def __add__(self, o): return self + o
    def __lt__(self, o): return self < o
    def __len__(self): return len(self)
    def __bool__(self): return bool(self)
    def __str__(self): return str(self)
    def __getitem__(self, i): return self[i]
    def __contains__(self, i): return i in self
    def __format__(self, s): return format(self, s)
    def __index__(self): return [1][self]
    def __enter__(self):
        with self: pass
    def __exit__(self, *a): pass
    def __next__(self): return next(self)
    def __setattr__(self, n, v): setattr(self, n, v)
    def __neg__(self): return -self
    def __int__(self): return int(self)
    def __instancecheck__(self, o): return isinstance(o, self)
r = R()
def enter():
    with r: pass
def fmt(): return f"{r}"
for f in (lambda: repr(r), lambda: r == 1, lambda: hash(r), lambda: r.x, lambda: iter(r), lambda: r(), lambda: r + 1, lambda: r < 1, lambda: len(r), lambda: bool(r), lambda: str(r), lambda: r[0], lambda: 1 in r, lambda: format(r), lambda: [1][r], enter, lambda: next(r), lambda: setattr(r, "a", 1), lambda: -r, lambda: int(r), fmt, lambda: isinstance(1, r), lambda: sorted([r, r]), lambda: {r: 1}, lambda: max(r, r), lambda: not r, lambda: r and 1):
    try: f(); print("no error")
    except RecursionError: print("RecursionError", end=" ")
print()
def gen(n):
    yield n
    yield from gen(n + 1)
try:
    for x in gen(0): last = x
except RecursionError: print("gen", last > 500)
def handler(n):
    try: handler(n + 1)
    except RecursionError: return "handled"
    finally: pass
print(handler(0))
def catches():
    try: return catches()
    except RecursionError: return deep(5)
print(catches())
a = []; b = []; a.append(a); b.append(b)
try: a == b
except RecursionError as e: print("eq")
x = []
for _ in range(100000): x = [x]
try: repr(x)
except RecursionError: print("repr")
t = ()
for _ in range(100000): t = (t,)
try: hash(t)
except RecursionError: print("hash")
else: print("hash fine") if False else print("hash")
d = {}
for _ in range(100000): d = {1: d}
try: repr(d)
except RecursionError: print("dict repr")
def mutual(n): return other(n)
def other(n): return mutual(n)
try: mutual(1)
except RecursionError: print("mutual")
import functools
@functools.lru_cache(None)
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
print(fib(200))
f = lambda: None
for _ in range(50): f = functools.partial(f)
print(f())
class C:
    @property
    def p(self): return self.p
try: C().p
except RecursionError: print("property")
print(depth()[0] == depth()[0])
