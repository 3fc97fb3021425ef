# Every kind of parameter, defaults evaluated once, and the messages of calls that do not fit.
def t(f, *a, **k):
    try: print(f(*a, **k))
    except TypeError as e: print("TypeError:", e)
def a(x, y=2, /, z=3, *rest, k, o=5, **kw): return x, y, z, rest, k, o, kw
t(a, 1, k=4); t(a, 1, 2, 3, 4, 5, k=6, q=7); t(a, 1, k=1, x=9, y=8); t(a, k=1); t(a, 1); t(a, 1, z=1, k=2); t(a, 1, 2, 3, z=4, k=5)
def b(x, y): return x, y
t(b); t(b, 1); t(b, 1, 2, 3); t(b, 1, x=2); t(b, 1, q=2); t(b, x=1, y=2); t(b, y=1); t(b, *[1, 2], *[3]); t(b, **{"x": 1}, **{"y": 2})
def c(*, p, q): return p, q
t(c); t(c, 1); t(c, p=1); t(c, p=1, q=2); t(c, 1, 2, p=3, q=4); t(c, 1, p=3, q=4)
def d(x, /): return x
t(d, x=1); t(d, 1, x=2); t(d)
def e(x, /, **kw): return x, kw
t(e, 1, x=2); t(e, x=2)
def f(x=[]): x.append(len(x)); return x
print(f(), f(), f([9]), f())
def g(a, b=1, *, c=2): return a, b, c
t(g, 1, 2, 3); t(g, 1, 2, 3, c=4); t(g); t(g, c=1); t(g, aa=1); t(g, 1, cc=2); t(g, 1, bb=2)
print(g.__defaults__, g.__kwdefaults__); g.__defaults__ = (7, 8); g.__kwdefaults__ = {"c": 9}; t(g); g.__defaults__ = None; t(g); t(g, 1, 2); g.__kwdefaults__ = None; t(g, 1, 2)
g.__defaults__ = (1, 2, 3, 4); t(g); t(g, 1)
n = 0
def tick(v):
    global n
    n += 1
    return v, n
def h(x=tick("x"), *, y=tick("y")): return x, y
t(h); t(h); t(h, tick(1), y=tick(2))
t(lambda *a, **k: (a, k), 1, *(), *[2], a=3, **{}, **{"b": 4})
def many(a, b, c, d, e, f, g, h, i, j, *, k, l, m): pass
t(many); t(many, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10); t(many, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, k=1)
t(many, *range(12), k=1, l=2)
class M:
    def m(self, x): return x
    @classmethod
    def c(cls, x): return x
    @staticmethod
    def s(x): return x
t(M().m); t(M().m, 1, 2); t(M.m, 1); t(M.c); t(M.s); t(M.s, 1, 2); t(M, 1); t(M, a=1)
t(lambda: b(**{1: 2})); t(lambda: b(*5)); t(lambda: b(**5)); t(lambda: b(**{"x": 1}, x=2)); t(lambda: len(*5)); t(lambda: print(**5)); t(lambda: b(1, 2, *None)); t(lambda: b(1, **{'x': 2}, **{'x': 3})); t(lambda: b(a=1, **{'a': 2}))
class Map:
    def keys(self): return ["x", "y"]
    def __getitem__(self, k): return k * 2
t(b, **Map()); t(b, 1, **Map())
class BadMap:
    def keys(self): raise KeyError("keys")
try: b(**BadMap())
except Exception as e: print(type(e).__name__, e)
t(b, **{"x": 1, "y": 2, "ünï": 3})
