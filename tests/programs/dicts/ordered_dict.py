from collections import OrderedDict
import collections
def t(f, *a, **k):
    try: print(repr(f(*a, **k)))
    except BaseException as e: print(type(e).__name__, e)
d = OrderedDict([("a", 1), ("b", 2), ("c", 3)])
print(d, list(d), list(reversed(d)), d.keys(), d.values(), d.items(), list(reversed(d.items())), list(reversed(d.keys())), list(reversed(d.values())))
d.move_to_end("a"); print(d); d.move_to_end("c", last=False); print(d); t(d.move_to_end, "zz")
print(d.popitem(), d.popitem(last=False), d); d["x"] = 5; del d["b"]; print(d, len(d), "x" in d)
t(OrderedDict().popitem); t(d.pop, "zz"); t(d.pop, "zz", 5); t(d.pop, "x"); print(d.setdefault("k", []), d.setdefault("k"), d)
a, b = OrderedDict(a=1, b=2), OrderedDict(b=2, a=1)
print(a == b, a == dict(b), dict(a) == b, a != b, a == OrderedDict(a=1, b=2), a == 5)
print(a.copy(), type(a.copy()), OrderedDict.fromkeys("abc", 0), a | {"c": 3}, {"z": 0} | a, type({"z": 0} | a)); a |= [("q", 9)]; print(a)
a.update(b=7, z=1); print(a); a.clear(); print(a, bool(a)); t(OrderedDict, 5); t(OrderedDict, [1]); t(OrderedDict, {}, {}); t(hash, a)
class Sub(OrderedDict):
    def __missing__(self, k): return "miss" + k
s = Sub(x=1); print(s, s["q"], s.copy(), repr(s), type(s | {})); s.attr = 5; print(s.attr, s.__dict__)
import copy, pickle
print(copy.copy(s), copy.deepcopy(OrderedDict(a=[1])))
it = iter(OrderedDict(a=1, b=2)); print(next(it), list(it))
o = OrderedDict(a=1)
o = OrderedDict(a=o); o["self"] = o; print(o)
print(OrderedDict.__mro__, OrderedDict.__module__, d.__sizeof__() > 0, isinstance(d, dict), OrderedDict([("a", 1)], b=2))
o = OrderedDict.fromkeys(range(5)); o.move_to_end(0); o.move_to_end(4, False); print(list(o)); del o[2]; o[2] = 1; print(list(o), list(reversed(o)))
class LRU(OrderedDict):
    def __getitem__(self, k): v = super().__getitem__(k); self.move_to_end(k); return v
    def __setitem__(self, k, v):
        super().__setitem__(k, v)
        if len(self) > 2: del self[next(iter(self))]
l = LRU(); l["a"] = 1; l["b"] = 2; l["a"]; l["c"] = 3; print(l)
