# Weak references: identity, callbacks after gc, proxies, containers, hash and equality, what cannot be referenced.
import weakref, gc
def t(f, *a):
    try: print(f(*a))
    except Exception as e: print(type(e).__name__ + ":", e)
class A:
    def __init__(self, n=0): self.n = n
    def m(self): return "m", self.n
    def __eq__(self, o): return isinstance(o, A) and self.n == o.n
    def __hash__(self): return hash(self.n)
    def __repr__(self): return f"A{self.n}"
a = A(1); r = weakref.ref(a); print(r() is a, weakref.ref(a) is r, weakref.getweakrefcount(a), r == weakref.ref(keep := A(1)), hash(r) == hash(a), callable(r)); k = [A(1)]; r2 = weakref.ref(k[0], print); print(r == r2, r2.__callback__ is print)
dead = []
def cb(ref): dead.append(ref() is None)
def make():
    x = A(5); x.self = x
    return weakref.ref(x, cb)
w = make(); gc.collect(); gc.collect(); print(w(), dead, w == w, w == weakref.ref(a)); t(hash, w)
for v in (1, "s", None, (), [], {}, 1.5, object(), b"", range(3)): t(weakref.ref, v) if v is not object else 0
for v in (A, len, t, {1}, frozenset(), (x for x in []), type(a).m, a.m):
    print(type(weakref.ref(v)()).__name__ if weakref.ref(v)() is not None else None, end=" ")
print()
class S: __slots__ = ("x",)
class SW: __slots__ = ("x", "__weakref__")
class L(list): pass
class I(int): pass
t(weakref.ref, S()); print(weakref.ref(SW()) is not None, weakref.ref(L()) is not None); t(lambda: weakref.ref(I(5)) is not None)
p = weakref.proxy(a); print(p.n, p.m(), p == a, str(p), isinstance(p, A), type(p).__name__, p.__class__.__name__); p.n = 7; print(a.n); t(hash, p)
def dp():
    x = A(3); return weakref.proxy(x)
q = dp(); gc.collect(); gc.collect(); t(lambda: q.n); t(lambda: str(q)); t(bool, q)
d = weakref.WeakValueDictionary(); d["a"] = a
def dgone(): d["b"] = A(9)
dgone(); gc.collect(); gc.collect(); print(dict(d), "a" in d, d.get("b"), len(d))
kd = weakref.WeakKeyDictionary(); kd[a] = "va"
def kgone(): kd[A(8)] = "gone"
kgone(); gc.collect(); gc.collect(); print(list(kd.items()))
def sgone(): return weakref.WeakSet([a, A(10)])
s = sgone(); gc.collect(); gc.collect(); print(list(s), a in s)
wm = weakref.WeakMethod(a.m); print(wm()() == a.m(), wm() == a.m); f = weakref.finalize(a, print, "finalized", a.n); print(f.alive, f.peek()[1:3] is not None); print(f(), f.alive)
class Sub(weakref.ref):
    def __new__(cls, o, tag): self = super().__new__(cls, o); return self
    def __init__(self, o, tag): super().__init__(o); self.tag = tag
sr = Sub(a, "t"); print(sr.tag, sr() is a, Sub(a, "u") is sr); print(len(weakref.getweakrefs(a)) >= 2)
class Del:
    def __init__(self, n): self.n = n
    def __del__(self): print("del", self.n)
def scope(): d = Del("local"); d.me = d
scope(); gc.collect(); gc.collect()
class Resurrect:
    saved = []
    def __del__(self): Resurrect.saved.append(self)
def sc(): r = Resurrect(); r.me = r
sc(); gc.collect(); gc.collect(); print(len(Resurrect.saved)); Resurrect.saved.clear(); gc.collect(); gc.collect(); print(len(Resurrect.saved))
class BadDel:
    def __init__(self): self.me = self
    def __del__(self): pass
BadDel(); gc.collect(); print(gc.isenabled(), gc.get_threshold() != (), gc.is_tracked([])); gc.disable(); print(gc.isenabled()); gc.enable()
