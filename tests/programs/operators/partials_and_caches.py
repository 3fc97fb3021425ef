def t(f, *a, **k):
    try:
        print(f(*a, **k))
    except Exception as e:
        print(type(e).__name__ + ":", e)

import functools
from functools import *
print(reduce(lambda a, b: a + b, [1, 2, 3]), reduce(lambda a, b: a + b, [], 5), reduce(max, [3, 1, 2]), reduce(lambda a, b: a, [7])); t(reduce, max, []); t(reduce, max, 5); t(reduce, max); t(reduce, 5, [1, 2])
p = partial(pow, 2); print(p(5), p.func is pow, p.args, p.keywords, partial(int, base=2)("101"), partial(p, 3)(), partial(partial(max, 1), 2).args, p); t(partial); t(partial, 5); t(p); t(lambda: setattr(p, "func", 1))
def f(*a, **k): return a, sorted(k.items())
q = partial(f, 1, x=2); print(q(3, y=4), q(x=9), repr(partial(f, 1, x=[2])).startswith("functools.partial(<function f")); q.attr = 5; print(q.attr, q.__dict__, partial(q, 7).args, q.__reduce__()[2][1:]); q.__setstate__((f, (8,), {"z": 1}, {})); print(q()); t(q.__setstate__, 5)
class Sub(partial): pass
print(Sub(f, 1)(2), type(Sub(f, 1)).__name__)
class M:
    def base(self, a, b): return (a, b)
    part = partialmethod(base, 1)
    @cached_property
    def cp(self): print("computed"); return 5
    @singledispatchmethod
    def sd(self, x): return "default"
    @sd.register
    def _(self, x: int): return "int"
m = M(); print(m.part(2), m.cp, m.cp, m.sd("a"), m.sd(1))
k = cmp_to_key(lambda a, b: (a > b) - (a < b)); print(sorted([3, 1, 2], key=k), sorted("bca", key=cmp_to_key(lambda a, b: ord(b) - ord(a))), k(1) < k(2), k(1) == k(1), k(3).obj, k(mycmp=1).obj if False else ""); t(lambda: k(1) < 5); t(hash, k(1)); t(cmp_to_key); t(lambda: k(1, 2))
calls = []
@lru_cache(maxsize=2)
def g(x, y=0): calls.append(x); return x * 10
print(g(1), g(2), g(1), g(3), g(2), g.cache_info(), calls, g.cache_parameters(), g.__name__, g.__wrapped__(9)); g.cache_clear(); print(g.cache_info(), g(1), g(x=1), g(1.0), g.cache_info()); t(g, []); t(g)
@lru_cache(maxsize=None, typed=True)
def h(x): return type(x).__name__
print(h(1), h(1.0), h(True), h(1), h.cache_info())
@lru_cache(maxsize=0)
def z(x): return x
z(1); z(1); print(z.cache_info())
@cache
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
print(fib(100), fib.cache_info())
@lru_cache
def err(x): raise ValueError(x)
t(err, 1); t(err, 1); print(err.cache_info())
class C:
    @lru_cache
    def m(self, x): return (self.n, x)
    n = 4
c = C(); print(c.m(1), c.m(1), C.m.cache_info(), C.m(c, 1))
@lru_cache(maxsize=3)
def rec(n): return n if n < 1 else rec(n - 1) + rec(n - 2)
print(rec(20), rec.cache_info())
@singledispatch
def sd(x): return "object"
@sd.register(int)
def _(x): return "int"
@sd.register
def _(x: list): return "list"
print(sd(1), sd([]), sd("a"), sd(True)); 
@total_ordering
class T:
    def __init__(self, n): self.n = n
    def __eq__(self, o): return self.n == o.n
    def __lt__(self, o): return self.n < o.n
print(T(1) <= T(2), T(2) > T(1), T(1) >= T(1))
@wraps(f)
def w(): "doc"
print(w.__name__, w.__wrapped__ is f)
