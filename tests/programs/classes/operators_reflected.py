# Binary operators: the order of __op__, __rop__ and __iop__, subclasses first, NotImplemented, and the messages.
import operator as o
def t(f, *a):
    try: print(f(*a))
    except Exception as e: print(type(e).__name__ + ":", e)
log = []
def make(name, base=object, ops=("add",), ret=NotImplemented):
    ns = {}
    for op in ops:
        for p in ("", "r", "i"):
            def f(self, other, *rest, n=f"{p}{op}"): log.append(f"{name}.{n}"); return ret
            ns[f"__{p}{op}__"] = f
    return type(name, (base,), ns)
A, B = make("A"), make("B"); S = make("S", A); 
class Plain(A): pass
for x, y in ((A(), B()), (A(), A()), (A(), S()), (S(), A()), (A(), Plain()), (Plain(), A()), (A(), 5), (5, A()), ("s", A()), ([1], A()), (A(), [1])):
    log.clear(); t(o.add, x, y); print(log)
for x, y in ((A(), B()), (5, B()), ([1], B())):
    log.clear(); t(o.iadd, x, y); print(log)
names = "add sub mul matmul truediv floordiv mod divmod pow lshift rshift and or xor".split()
Full = make("F", ops=names, ret="got")
f = Full()
for n in names:
    log.clear()
    fn = divmod if n == "divmod" else getattr(o, n if n not in ("and", "or") else n + "_")
    t(fn, f, 1); t(fn, 1, f)
    if n != "divmod": t(getattr(o, "i" + n), f, 1)
    print(log)
t(pow, f, 2, 3); t(pow, 2, f, 3); t(pow, 2, 3, f)
class Cmp:
    def __init__(self, n): self.n = n
for op in ("lt", "le", "eq", "ne", "gt", "ge"):
    def m(self, other, op=op): log.append(f"{self.n}.{op}"); return NotImplemented
    setattr(Cmp, f"__{op}__", m)
class SubCmp(Cmp): 
    def __lt__(self, other): log.append("sub.lt"); return True
    def __gt__(self, other): log.append("sub.gt"); return True
for op in ("lt", "le", "eq", "ne", "gt", "ge"):
    log.clear(); t(getattr(o, op), Cmp("a"), Cmp("b")); print(log); log.clear(); t(getattr(o, op), Cmp("a"), SubCmp("s")); print(log)
log.clear(); t(lambda: Cmp("a") == 5); t(lambda: 5 == Cmp("a")); t(lambda: 5 < Cmp("a")); print(log)
class Un:
    __neg__ = lambda s: "neg"; __pos__ = lambda s: "pos"; __invert__ = lambda s: "inv"; __abs__ = lambda s: "abs"; __index__ = lambda s: 3; __int__ = lambda s: 4; __float__ = lambda s: 5.0; __complex__ = lambda s: 6j
    __round__ = lambda s, n=None: ("round", n); __trunc__ = lambda s: "trunc"; __floor__ = lambda s: "floor"; __ceil__ = lambda s: "ceil"; __divmod__ = lambda s, x: ("dm", x)
import math
u = Un(); print(-u, +u, ~u, abs(u), int(u), float(u), complex(u), round(u), round(u, 2), math.trunc(u), math.floor(u), math.ceil(u), divmod(u, 1), [0, 1, 2, "three"][u], hex(u), "abcdef"[:u], list(range(u)), "x" * u, u.__index__(), bin(u), chr(Un.__index__(u) + 60))
class None_(int):
    __add__ = None
t(lambda: None_(1) + 1); t(lambda: 1 + None_(1)); t(lambda: None_(1) - 1)
class NoHash:
    def __eq__(self, o): return True
t(hash, NoHash()); t(lambda: {NoHash()})
class IntSub(int):
    def __radd__(self, o): return "IntSub.radd"
    def __add__(self, o): return "IntSub.add"
print(1 + IntSub(2), IntSub(2) + 1, sum([IntSub(1)]), 1.5 + IntSub(1), True + IntSub(1))
class StrSub(str):
    def __add__(self, o): return "S+"
    def __radd__(self, o): return "+S"
    def __mod__(self, o): return "S%"
    def __rmod__(self, o): return "%S"
    def __mul__(self, o): return "S*"
print("a" + StrSub("b"), StrSub("b") + "a", "%s" % StrSub("x"), StrSub("%s") % 1, StrSub("x") * 2, 2 * StrSub("x"))
class ListSub(list):
    def __iadd__(self, o): return "iadd"
    def __imul__(self, o): return "imul"
l = ListSub(); l += [1]; print(l); l = ListSub(); l *= 2; print(l)
t(lambda: [] + ()); t(lambda: () + []); t(lambda: "a" + 1); t(lambda: 1 + "a"); t(lambda: b"a" + "a"); t(lambda: "a" * "b"); t(lambda: [1] * 1.5); t(lambda: None + 1); t(lambda: {} + {}); t(lambda: {1} + {2}); t(lambda: -"a"); t(lambda: ~1.5); t(lambda: +[]); t(lambda: abs("x")); t(lambda: 1 @ 2); t(lambda: "a" < 1); t(lambda: [] < ()); t(lambda: 1j < 2j); t(lambda: {} < {}); t(lambda: 1 << -1); t(lambda: 1 << 1.0); t(lambda: 2 ** "a"); t(lambda: divmod(1, "a")); t(lambda: pow(2, -1, 4)); t(lambda: pow(2, 3, 0)); t(lambda: 1 % 0); t(lambda: 1.0 // 0); t(lambda: 0 ** -1); t(lambda: 0.0 ** -1)
def aug(src):
    ns = {"a": 1, "s": "x", "l": [1], "n": None}
    try: exec(src, ns); print(ns["a"], ns["s"], ns["l"])
    except Exception as e: print(type(e).__name__ + ":", e)
for s in ("a += 's'", "s += 1", "l += 5", "l += 'ab'", "l *= 2", "a //= 0", "a **= 's'", "a @= 1", "n |= 1", "a <<= -1", "l -= [1]", "a &= 1.0", "s %= ()", "a >>= 's'", "a ^= None", "l *= 's'", "s *= 2"): aug(s)
