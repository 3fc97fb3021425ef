# __getattr__, __getattribute__, __setattr__, __delattr__, properties that raise, descriptors against instances.
def t(f, *a):
    try: print(f(*a))
    except Exception as e: print(type(e).__name__ + ":", e)
class G:
    cls = "class"
    def __init__(self): self.inst = 1
    def __getattr__(self, n):
        if n.startswith("__"): raise AttributeError(n)
        return f"getattr {n}"
    @property
    def fails(self): raise AttributeError("inside property")
    @property
    def other(self): raise ValueError("inside property")
g = G(); print(g.inst, g.cls, g.missing, g.fails); t(lambda: g.other); t(getattr, g, "__nope__", "default"); print(hasattr(g, "x"), hasattr(g, "__y__"))
class P:
    @property
    def fails(self): return self.deep
    @property
    def deep(self): raise AttributeError("deep")
t(lambda: P().fails); print(getattr(P(), "fails", "dflt"), hasattr(P(), "fails"))
class GA:
    x = 1
    def __getattribute__(self, n):
        if n == "bad": raise AttributeError("hooked " + n)
        if n == "worse": raise ValueError("hooked " + n)
        return ("ga", n, object.__getattribute__(self, "x"))
    def __getattr__(self, n): return ("fallback", n)
a = GA(); print(a.x, a.bad, a.anything); t(lambda: a.worse); print(a.__class__, type(a).__name__, a.__dict__)
a.m = 5; print(object.__getattribute__(a, "m"))
class SA:
    def __setattr__(self, n, v):
        print("set", n, v)
        if n == "no": raise AttributeError("refused")
        object.__setattr__(self, n, v)
    def __delattr__(self, n): print("del", n); object.__delattr__(self, n)
s = SA(); s.x = 1; t(setattr, s, "no", 2); del s.x; t(delattr, s, "x"); print(s.__dict__)
class Data:
    def __get__(self, o, c): return ("data get", o is None)
    def __set__(self, o, v): print("data set", v); o.__dict__["d"] = v
    def __delete__(self, o): print("data delete")
class NonData:
    def __get__(self, o, c): return "nondata"
class SetOnly:
    def __set__(self, o, v): o.__dict__["so"] = ("stored", v)
class D: d = Data(); n = NonData(); so = SetOnly()
x = D(); x.d = 1; x.n = 2; x.so = 3; print(x.d, x.n, x.so, D.d, D.n, x.__dict__); del x.d; del x.n; print(x.n); t(lambda: delattr(x, "n")); t(lambda: delattr(x, "so")); x.__dict__["n"] = "in dict"; print(x.n)
class RaisingGet:
    def __get__(self, o, c): raise AttributeError("from __get__")
class R:
    r = RaisingGet()
    def __getattr__(self, n): return f"fell back for {n}"
print(R().r); t(lambda: R.r)
class Slots:
    __slots__ = ("a", "b", "__dict__") 
class Slots2:
    __slots__ = "only",
    only_default = 1
sl = Slots(); sl.a = 1; sl.c = 2; print(sl.a, sl.__dict__); t(lambda: sl.b); del sl.a; t(lambda: sl.a); t(lambda: delattr(sl, "a")); s2 = Slots2(); t(setattr, s2, "x", 1); s2.only = [1]; print(s2.only, Slots2.only); t(lambda: s2.__dict__)
def conflict():
    class X:
        __slots__ = ("a",)
        a = 1
t(conflict)
def dupl():
    class X(int): __slots__ = ("a",)
    x = X(5); x.a = 1; return x, x.a
t(dupl)
def varsized():
    class X(tuple): __slots__ = ("a",)
t(varsized)
class Meta(type):
    def __getattribute__(cls, n):
        if n == "special": return "meta special"
        return super().__getattribute__(n)
class WM(metaclass=Meta): special = "own"
print(WM.special, WM().special)
class Prop:
    def __init__(self): self._v = 0
    @property
    def v(self): "the doc"; return self._v
    @v.setter
    def v(self, x): self._v = x * 2
    @v.deleter
    def v(self): self._v = -1
    ro = property(lambda s: 1)
    wo = property(None, lambda s, x: print("wo", x))
p = Prop(); p.v = 4; print(p.v); del p.v; print(p.v, Prop.v.__doc__, Prop.v.fget.__name__); t(setattr, p, "ro", 1); t(delattr, p, "ro"); t(lambda: p.wo); p.wo = 3
class PropSub(Prop):
    @Prop.v.getter
    def v(self): return ("sub", self._v)
q = PropSub(); q.v = 3; print(q.v)
t(getattr, 5, 5); t(setattr, p, 5, 1); t(getattr, p, "nope"); t(lambda: (5).x); t(setattr, 5, "x", 1); t(lambda: None.x); t(setattr, None, "x", 1); t(delattr, 5, "real"); t(setattr, 5, "real", 1); t(setattr, int, "x", 1); t(lambda: [].append.x); t(setattr, [], "x", 1); t(setattr, len, "x", 1); t(lambda: P().missing_attribute); t(lambda: P.missing_attribute); t(lambda: t.missing); t(delattr, P(), "zzz"); t(delattr, P, "zzz"); t(lambda: p.vv)
class Dyn: pass
d = Dyn(); d.a = 1
Dyn.a = property(lambda s: "now property"); print(d.a); del Dyn.a; print(d.a); Dyn.__getattr__ = lambda s, n: n * 2; print(d.zz, d.a); del Dyn.__getattr__; t(lambda: d.zz)
def getx(o): return o.x
class X1: x = 1
class X2:
    def __init__(self): self.x = 2
print([getx(o) for o in (X1(), X2(), X1(), X2())]); X1.x = property(lambda s: "p"); print(getx(X1())); o = X1.__new__(X1); X1.x = 3; o.x = 4; print(getx(o)); del o.x; print(getx(o))
