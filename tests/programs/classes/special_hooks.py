# __set_name__, __init_subclass__, __class_getitem__, metaclass hooks, __prepare__, __classcell__, name mangling.
def t(f, *a, **k):
    try: print(f(*a, **k))
    except Exception as e: print(type(e).__name__ + ":", e, "|", getattr(e, "__notes__", None), repr(e.__cause__))
class Named:
    def __set_name__(self, owner, name): print("set_name", owner.__name__, name); self.name = name
    def __get__(self, obj, cls): return (self.name, obj is not None)
class A:
    x = Named(); y = Named()
    def __init_subclass__(cls, /, flag=None, **kw): print("init_subclass", cls.__name__, flag, kw, sorted(k for k in vars(cls) if k in "xyz")); super().__init_subclass__(**kw)
class B(A, flag=1):
    z = Named()
print(B().z, B.z, A.x)
def bad(): 
    class C(A, other=2): pass
t(bad)
class Fails:
    def __set_name__(self, o, n): raise ValueError("in set_name")
def bad2():
    class D: f = Fails()
t(bad2)
class Sub:
    def __class_getitem__(cls, item): return cls.__name__, item
class Sub2(Sub): pass
print(Sub[1], Sub2[1, 2]); t(lambda: A[1]); t(lambda: Sub()[1])
log = []
class Meta(type):
    @classmethod
    def __prepare__(mcs, name, bases, **kw): log.append(("prepare", name, kw)); return {"injected": name}
    def __new__(mcs, name, bases, ns, **kw): log.append(("new", name, sorted(k for k in ns if not k.startswith("__")), kw)); return super().__new__(mcs, name, bases, ns)
    def __init__(cls, name, bases, ns, **kw): log.append(("init", name, kw)); super().__init__(name, bases, ns)
    def __call__(cls, *a, **k): log.append(("call", cls.__name__, a)); return super().__call__(*a, **k)
    def __instancecheck__(cls, o): return o == 5
    def __subclasscheck__(cls, o): return o is int
    def __getattr__(cls, n): return "meta " + n
    def __len__(cls): return 7
    def __iter__(cls): return iter("meta")
    def __contains__(cls, o): return o == 1
    def __getitem__(cls, i): return ("metaitem", i)
    def __add__(cls, o): return "metaadd"
    def __bool__(cls): return False
    def __repr__(cls): return f"<meta {cls.__name__}>"
    def __eq__(cls, o): return o == "equal" or o is cls
    def __hash__(cls): return 5
    prop = property(lambda cls: "metaprop " + cls.__name__)
class M(metaclass=Meta, opt=3):
    def __init__(self, v): self.v = v
print(log); log.clear(); m = M(4); print(log, m.v, M.injected, isinstance(5, M), isinstance(m, M), issubclass(int, M), M.foo, len(M), list(M), 1 in M, M[3], M + 1, bool(M), M, M == "equal", hash(M), M.prop, [*M])
t(lambda: m.foo); t(lambda: m.prop); t(lambda: len(m))
class N(M): pass
print(type(N) is Meta, N)
class Other(type): pass
def conflict():
    class X(M, metaclass=Other): pass
t(conflict)
def funcmeta(name, bases, ns, **kw): return (name, bases, sorted(ns), kw)
class F(metaclass=funcmeta, a=1): q = 1
print(F)
class Mang:
    __priv = 1
    def get(self): return self.__priv, self._Mang__priv, [k for k in vars(Mang) if "priv" in k]
    def set(self): self.__new = 2; return sorted(vars(self))
    class __Inner:
        def f(self): return __class__.__name__, __name__
    def inner(self): return Mang.__Inner().f()
    def kw(self, *, __p=3): return __p
    def imp(self):
        def __f(__x): return __x
        return __f(9)
    __dunder__ = "not mangled"; _single = 1; __ = 2
print(Mang().get(), Mang().set(), Mang().inner(), Mang().kw(), Mang().kw(_Mang__p=4), Mang().imp(), Mang.__dunder__); t(lambda: Mang.__priv)
class __Lead:
    __x = 1
    def f(self): return [k for k in vars(type(self)) if "x" in k and "__dict" not in k]
print(__Lead().f())
class MroMeta(type):
    def mro(cls): r = super().mro(); print("mro", cls.__name__); return [r[0], Extra, *r[1:]] if cls.__name__ == "WithExtra" else r
class Extra: extra = "from extra"
class WithExtra(metaclass=MroMeta): pass
print(WithExtra.extra, [c.__name__ for c in WithExtra.__mro__])
class Entries:
    def __mro_entries__(self, bases): print("entries", len(bases)); return (A,)
class E(Entries(), flag="e"): pass
print(E.__bases__, E.__orig_bases__ != E.__bases__)
def cell():
    class X(metaclass=Meta2):
        def f(self): return __class__
    return X
class Meta2(type):
    def __new__(m, n, b, ns): ns.pop("__classcell__"); return super().__new__(m, n, b, ns)
t(cell)
T = type("T", (A,), {"x": 5, "m": lambda self: self.x}); print(T().m(), T.__name__, T.__module__, T.__bases__); t(type, "X", (), {}, 5); t(type, 5, (), {}); t(type, "X", [], {}); t(type, "X", (), 5); t(type, "X", (5,), {}); t(type, "a\0b", (), {})
def chg():
    class P: a = 1
    class Q: b = 2
    p = P(); p.__class__ = Q
    return p.b, type(p).__name__, hasattr(p, "a")
t(chg)
def chg2(): x = A(); x.__class__ = int
t(chg2)
def chg3(): x = A(); x.__class__ = 5
t(chg3)
def chg4():
    class P: pass
    class Q: pass
    class R(P): pass
    R.__bases__ = (Q,)
    return R.__mro__[1].__name__, P.__subclasses__(), [c.__name__ for c in Q.__subclasses__()]
t(chg4)
