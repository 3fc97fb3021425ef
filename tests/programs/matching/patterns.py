# match: every kind of pattern, bindings left after failure, guards, class patterns, and what the natives are asked.
import collections, collections.abc
def t(f, *a):
    try: print(f(*a))
    except Exception as e: print(type(e).__name__ + ":", e)
class P:
    __match_args__ = ("x", "y")
    def __init__(self, x, y): self.x, self.y = x, y
class NS: ONE = 1; NAME = "n"
def m(v):
    match v:
        case 0 | 0.5: return "zero or half"
        case True: return "True"
        case None: return "None"
        case "s" "t": return "st"
        case b"b": return "bytes"
        case -1 | 1 + 2j: return "neg or complex"
        case NS.NAME: return "dotted"
        case [] | (): return "empty seq"
        case [x]: return "one", x
        case [1, *rest]: return "one and", rest
        case [x, y] if x == y: return "pair equal", x
        case (x, [y, *_], *z): return "nested", x, y, z
        case [*_, "last"]: return "ends with last"
        case {"k": 1 as one, **rest}: return "k1", one, rest
        case {"k": [a, b]}: return "k pair", a, b
        case {}: return "mapping"
        case P(0, y=yy): return "P0", yy
        case P(x=P(a, b), y=c): return "PP", a, b, c
        case P(): return "P"
        case int(n) if n > 100: return "big", n
        case int() | float() as num: return "num", num
        case str(s): return "str", s
        case set() | frozenset(): return "set"
        case list([p, q, *_]) | tuple((p, q, *_)): return "seq2", p, q
        case bool(): return "never"
        case object(real=r): return "real", r
        case _: return "other", type(v).__name__
for v in (0, 0.5, 1, True, False, None, "st", b"b", -1, 1 + 2j, "n", [], (), [5], (6,), [1, 2, 3], [2, 2], [2, 3], [9, [8, 7], 6, 5], [3, 4, "last"], {"k": 1, "z": 2}, {"k": [1, 2]}, {"k": 3}, {}, P(0, 1), P(P(1, 2), 3), P(5, 6), 500, 5, 2.5, "abc", {1}, frozenset(), "xy", range(2), range(3), collections.deque([1, 5]), bytearray(b"ab"), collections.OrderedDict(k=1), object(), 3j, print): t(m, v)
def bind(v):
    a = b = None
    match v:
        case [a, b, 3]: return "first", a, b
        case [a, 2, c]: return "second", a, b, c
    return "none", a, b
t(bind, [1, 2, 3]); t(bind, [1, 2, 4]); t(bind, [7, 8, 9]); t(bind, 5)
def wrong(v):
    match v:
        case P(1, 2, 3): return 1
t(wrong, P(1, 2)); t(wrong, 5)
class NoArgs: pass
def wrong2(v):
    match v:
        case NoArgs(1): return 1
t(wrong2, NoArgs())
class BadArgs: __match_args__ = ["x"]
class BadArgs2: __match_args__ = (1,)
def wrong3(v):
    match v:
        case BadArgs(1): return 1
        case BadArgs2(1): return 2
t(wrong3, BadArgs()); t(wrong3, BadArgs2())
def wrong4(v):
    match v:
        case P(1, x=2): return 1
t(wrong4, P(1, 2))
notclass = 5
def wrong5(v):
    match v:
        case notclass(): return 1
t(wrong5, 5)
def dupkey(v, k1="a", k2="a"):
    class K: a = "a"; b = "a"
    match v:
        case {K.a: 1, K.b: 1}: return 1
t(dupkey, {"a": 1})
class Log:
    def __init__(self): object.__setattr__(self, "log", [])
    def __getattr__(self, n): self.log.append(n); raise AttributeError(n)
def attrs(v):
    match v:
        case Log(p=1, q=2): return 1
        case Log(r=1): return 2
    return v.log
t(attrs, Log())
class RaisesAttr:
    @property
    def x(self): raise ValueError("x")
def ra(v):
    match v:
        case RaisesAttr(x=1): pass
t(ra, RaisesAttr())
class Map(collections.abc.Mapping if hasattr(collections, "abc") else dict):
    def __init__(self, d): self.d = d
    def __getitem__(self, k): print("getitem", k); return self.d[k]
    def __iter__(self): return iter(self.d)
    def __len__(self): return len(self.d)
    def get(self, k, default=None): print("get", k); return self.d.get(k, default)
def mp(v):
    match v:
        case {"a": 1, "b": x}: return x
        case {"c": _, **rest}: return rest
        case {}: return "mapping"
t(mp, Map({"a": 1, "b": 2})); t(mp, Map({"c": 1, "d": 5})); t(mp, Map({"q": 1}))
class Seq(collections.abc.Sequence):
    def __len__(self): print("len"); return 2
    def __getitem__(self, i): print("item", i); return i
def sq(v):
    match v:
        case [a, b, c]: return 3
        case [a, b]: return a, b
t(sq, Seq())
class Eq:
    def __eq__(self, o): print("eq", o); return False
def eq(v):
    match v:
        case 1 | "a": return 1
        case None: return 2
        case {}: return 3
t(eq, Eq())
match (1, 2):
    case (a, b): pass
print(a, b)
match x := [1, [2, [3]]]:
    case [a, [b, [c]]]: print(a, b, c, x)
match 1, 2:
    case 1, *r: print(r)
def guard(v):
    match v:
        case n if (n := v + 1) > 5: return n
        case n if 1 / (v - 2): return "g", n
t(guard, 7); t(guard, 1); t(guard, 2)
def word():
    match = 1; case = 2; type = 3; _ = 4
    return match + case + type + _
print(word())
