def t(f, *a, **k):
    try:
        print(f(*a, **k))
    except Exception as e:
        print(type(e).__name__ + ":", e)

from types import MappingProxyType as MP
d = {"a": 1}
p = MP(d)
print(p, p["a"], len(p), list(p), p.keys(), p.values(), p.items(), p.get("x"), p.get("x", 2), "a" in p, p == {"a": 1}, p == p)
d["b"] = 2; print(p, p.copy(), type(p.copy()).__name__, p | {"c": 3}, {"z": 0} | p, list(reversed(p)))
t(lambda: p.__setitem__("a", 2))
def setit(): p["a"] = 2
def delit(): del p["a"]
def ior():
    global p
    p |= {}
t(setit); t(delit); t(ior); t(MP, 5); t(MP, [1]); t(lambda: p["zz"]); t(lambda: p < p)
print(type(int.__dict__).__name__, "real" in int.__dict__)
class C: x = 1
v = vars(C); print(v["x"]); C.y = 2; print(v["y"], type(v).__name__)
print(str(MP({1: 2})), repr(MP({1: 2}))); t(hash, p)
