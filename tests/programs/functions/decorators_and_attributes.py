# Functions as objects: names, attributes, code, decorators that keep, replace or break.
import functools
def t(f, *a, **k):
    try: print(f(*a, **k))
    except Exception as e: print(type(e).__name__ + ":", e)
def outer():
    def inner(a: int, b: "str" = "x", *c, d: float = 1.5, **e) -> list:
        "doc of inner"
        return a
    return inner
f = outer()
print(f.__name__, f.__qualname__, f.__module__, f.__doc__, f.__annotations__, f.__defaults__, f.__kwdefaults__, f.__closure__, f.__type_params__)
print(f.__code__.co_varnames, f.__code__.co_argcount, f.__code__.co_kwonlyargcount, f.__code__.co_posonlyargcount, f.__code__.co_name, f.__code__.co_qualname, f.__code__.co_flags & 0x0c)
f.x = 1; f.__dict__["y"] = 2; print(f.x, f.y, vars(f)); del f.x; t(lambda: f.x); f.__name__ = "renamed"; f.__qualname__ = "Q.renamed"; print(f.__name__, repr(f).split(" at ")[0])
def setname(v): f.__name__ = v
def setcode(v): f.__code__ = v
def setdef(v): f.__defaults__ = v
def setdict(v): f.__dict__ = v
def setdoc(v): f.__doc__ = v
def setann(v): f.__annotations__ = v
for s in (setname, setcode, setdef, setdict, setann): t(s, 5)
setdoc(7); print(f.__doc__); setann(None); print(f.__annotations__)
def p(): return "p"
def q(): return "q"
p.__code__ = q.__code__; print(p())
def closed():
    v = 1
    def g(): return v
    return g
t(setcode, closed().__code__)
def one(fn):
    @functools.wraps(fn)
    def wrapper(*a, **k): return ["one", fn(*a, **k)]
    return wrapper
def counted(n):
    def deco(fn):
        def wrapper(*a): wrapper.calls += n; return fn(*a)
        wrapper.calls = 0
        return wrapper
    return deco
@one
@counted(2)
def target(x):
    "target doc"
    return x * 2
print(target(4), target.__name__, target.__wrapped__.calls)
@counted(3)
def again(x): return x
again(1); again(2); print(again.calls)
class Deco:
    def __init__(self, fn): self.fn = fn
    def __call__(self, *a): return ("deco", self.fn(*a))
    def __get__(self, obj, cls): return functools.partial(self, obj) if obj is not None else self
class K:
    @Deco
    def m(self, x): return type(self).__name__, x
    @property
    @one
    def pr(self): return 5
    @staticmethod
    @one
    def s(): return 6
    @classmethod
    @one
    def c(cls): return cls.__name__
k = K(); print(k.m(1), K.m(k, 2), k.pr, k.s(), K.s(), k.c(), K.c())
@(lambda f: "replaced")
def gone(): pass
print(gone)
d = {"a": one}
@d["a"]
def sub(): return 1
print(sub())
print((lambda: 0).__name__, (lambda: 0).__qualname__, [(lambda: i)() for i in range(3)], [g() for g in [lambda: i for i in range(3)]], [g() for g in [lambda i=i: i for i in range(3)]])
try:
    @undefined
    def never(): pass
except NameError as e: print(e)
b = k.m.__class__.__name__; print(b, K.c.__self__, K.c.__func__.__name__, len.__name__, len.__self__.__name__, [].append.__self__, str.upper.__objclass__)
m = K().c; print(m == K.c, hash(m) == hash(K.c), m is K.c, K.s is K.s, [].append == [].append)
x = []; print(x.append == x.append, x.append != [].append)
import types
fn = types.FunctionType(q.__code__, {"z": 1}, "made", (1,)); print(fn.__name__, fn(), fn.__defaults__, fn.__globals__)
t(types.FunctionType, 5, {}); t(types.FunctionType, closed().__code__, {}); mm = types.MethodType(lambda s, x: (s, x), 3); print(mm(4), mm.__self__); t(types.MethodType, 5, None); t(types.MethodType, 5, 5)
