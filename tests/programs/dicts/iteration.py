def t(f, *a, **k):
    try:
        print(f(*a, **k))
    except Exception as e:
        print(type(e).__name__ + ":", e)

def grow():
    d = {1: 1}
    for k in d: d[k + 1] = 0
def shrink():
    d = {1: 1, 2: 2}
    for k in d: del d[k]
def items():
    d = {1: 1}
    for k, v in d.items(): d[k + 1] = 0
def replace():
    d = {1: 1, 2: 2}
    for k in d: d[k] = k * 10
    return d
def same_size():
    d = {0: 0}; n = 0
    for k in d:
        n += 1
        if n > 20: break
        del d[k]; d[k + 1] = 0
    return n
t(grow); t(shrink); t(items); t(replace); t(same_size)
d = {1: 2, 3: 4}; it = iter(d); print(it.__length_hint__(), next(it), it.__length_hint__(), it.__reduce__()[1]); d[5] = 6; t(next, it); t(next, it); print(it.__length_hint__())
it = iter(d.items()); print(list(it), list(it), next(it, None)); it = reversed(d); next(it); d[7] = 8; t(next, it)
d = {}
for i in range(1000): d[i] = i
for i in range(0, 1000, 2): del d[i]
print(len(d), list(d)[:5], sum(d.values()), list(d.items())[-1]); d[0] = "again"; print(list(d)[-1], list(reversed(d))[0])
while len(d) > 3: d.popitem()
print(d)
d = {i: None for i in range(20)}
for i in range(15): d.pop(i)
print(list(d)); d.update((i, 1) for i in range(15)); print(list(d))
q = {}
for i in range(2000):
    q[i] = i
    if len(q) > 10: del q[next(iter(q))]
print(list(q))
class Missing(dict):
    def __missing__(self, key): return f"no {key}"
m = Missing(a=1); print(m["a"], m["b"], m.get("b"), "b" in m, m)
class Sub(dict):
    def __getitem__(self, k): return "got"
    def __setitem__(self, k, v): super().__setitem__(k, (v,))
s = Sub(a=1); s["b"] = 2; print(s, s["zzz"], s.get("a"), dict(s), s.copy(), type(s.copy()).__name__); s.update(c=3); print(s)
class M:
    def keys(self): return iter(["p", "q"])
    def __getitem__(self, k): return k * 2
print(dict(M()), {**M()}, dict(M(), r=1)); e = {}; e.update(M()); print(e)
class Changing:
    def keys(self): return ["a"]
    def __getitem__(self, k): raise KeyError("inner")
t(dict, Changing())
