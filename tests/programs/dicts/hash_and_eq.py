def t(f, *a, **k):
    try:
        print(f(*a, **k))
    except Exception as e:
        print(type(e).__name__ + ":", e)

log = []
class K:
    def __init__(self, n, h=None): self.n, self.h = n, n if h is None else h
    def __hash__(self): log.append(f"h{self.n}"); return self.h
    def __eq__(self, o): log.append(f"{self.n}=={getattr(o, 'n', o)}"); return self.n == getattr(o, "n", o)
    def __repr__(self): return f"K{self.n}"
d = {K(1, 5): "a", K(2, 5): "b"}
print(d, log); log.clear()
print(d[K(2, 5)], log); log.clear()
t(lambda: d[K(3, 5)]); print(log); log.clear()
k = K(9, 5); d[k] = "c"; log.clear(); print(d[k], log)
class Evil:
    def __hash__(self): return 1
    def __eq__(self, other): victim.clear(); return False
victim = {Evil(): 1}; victim[Evil()] = 2; print(len(victim))
victim = {Evil(): 1, Evil(): 2}; print(victim.get(Evil(), "none"), len(victim))
class Bad:
    def __hash__(self): return 1
    def __eq__(self, other): raise RuntimeError("eq")
b = Bad(); d = {b: 1}; print(d[b]); t(lambda: d[Bad()]); t(d.get, Bad()); t(d.setdefault, Bad()); t(d.pop, Bad()); t(lambda: Bad() in d)
class NoHash:
    __hash__ = None
t(lambda: {NoHash(): 1}); t(lambda: {}[NoHash()]); t(hash, NoHash())
class BadHash:
    def __hash__(self): return "x"
t(hash, BadHash()); t(lambda: {BadHash(): 1})
class BigHash:
    def __hash__(self): return 2 ** 100
print(hash(BigHash()) == hash(2 ** 100)); print(BigHash() in {})
class MinusOne:
    def __hash__(self): return -1
print(hash(MinusOne()), hash(-1), hash(-2))
print(hash(1) == hash(1.0) == hash(True), hash(0.5), hash(2 ** 61 - 1), hash(2 ** 61), hash(-2 ** 61), hash(10 ** 20), hash(1e20) == hash(10 ** 20))
print(hash(()), hash((1, 2, 3)), hash((1, (2, 3))), hash(None), hash(float("inf")), hash(-float("inf")))
print(hash(frozenset()), hash(frozenset([1, 2, 3])), hash(frozenset([frozenset([1]), 2])))
class S(str): pass
d = {S("a"): 1}; print(d["a"], d[S("a")], "a" in d, type(list(d)[0]).__name__)
class S2(str):
    def __eq__(self, o): return False
    __hash__ = str.__hash__
d = {S2("a"): 1}; print("a" in d, {"a": 1}.get(S2("a"), "no"))
d = {float("nan"): 1}; print(float("nan") in d); n = float("nan"); d = {n: 1}; print(d[n])
print({1: "int"}[1.0], {1.0: "float"}[True], {(1, 2): "t"}[(1.0, 2.0)])
