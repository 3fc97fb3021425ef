def t(f, *a, **k):
    try:
        print(f(*a, **k))
    except Exception as e:
        print(type(e).__name__ + ":", e)

from collections import defaultdict, Counter, OrderedDict, ChainMap, namedtuple
d = defaultdict(list); d["a"].append(1); d["a"].append(2); d["b"]; print(d, dict(d), d.default_factory, "z" in d, d.get("z"), len(d))
t(lambda: defaultdict(None)["x"]); t(lambda: defaultdict()["x"]); t(defaultdict, 5); t(defaultdict, list, 5); print(defaultdict(int, {"a": 1}, b=2), defaultdict(list, [("a", [1])]), defaultdict(None, a=1))
c = defaultdict(int)
for ch in "hello": c[ch] += 1
print(dict(c), c == {"h": 1, "e": 1, "l": 2, "o": 1}, type(c.copy()).__name__, c.copy().default_factory); c.default_factory = None; t(lambda: c["zz"]); c.default_factory = lambda: "new"; print(c["zz"]); del c.default_factory; print(c.default_factory)
print(d | {"c": 1}, type(d | {}).__name__, {"q": 0} | d, type({} | d).__name__); d |= {"k": []}; print(d); print(repr(defaultdict(defaultdict)), d.__reduce__()[1], d.__missing__("m"))
def bad(): raise ValueError("factory")
t(lambda: defaultdict(bad)["x"]); n = defaultdict(lambda: defaultdict(int)); n[1][2] += 3; print({k: dict(v) for k, v in n.items()})
class Sub(defaultdict):
    def __missing__(self, k): return f"sub {k}"
s = Sub(int, a=1); print(s["a"], s["q"], s.default_factory, s); s.attr = 1; print(s.attr, s.__dict__)
r = defaultdict(list); r["self"] = r; print(r)
k = Counter("abracadabra"); print(k, k["a"], k["z"], k.most_common(2), sorted(k.elements())[:5], k.total(), k + Counter("abc"), k - Counter("aaa"), k & Counter("ab"), k | Counter("zz"), +Counter(a=-1, b=2), -Counter(a=-1)); k.update("aaa"); k.subtract("b"); print(k["a"], k["b"], Counter(a=1) == Counter(a=1, b=0), Counter([1, 1.0, True]))
o = OrderedDict([("a", 1), ("b", 2), ("c", 3)]); o.move_to_end("a"); print(o); o.move_to_end("c", last=False); print(o, o.popitem(), o.popitem(last=False), o, list(reversed(OrderedDict.fromkeys("xyz")))); print(OrderedDict(a=1, b=2) == OrderedDict(b=2, a=1), OrderedDict(a=1) == {"a": 1}, OrderedDict([(1, 2)]) | {3: 4}); t(o.move_to_end, "zz"); t(OrderedDict().popitem)
m = ChainMap({"a": 1}, {"a": 2, "b": 3}); print(m["a"], m["b"], dict(m), m.new_child({"c": 1})["c"], m.parents, len(m)); t(lambda: m["zz"])
P = namedtuple("P", "x y", defaults=[5]); p = P(1); print(p, p.x, p[1], p._asdict(), p._replace(x=9), P._fields, P._make([7, 8]), p == (1, 5), P.x.__doc__, hash(p) == hash((1, 5))); t(P); t(P, 1, 2, 3); t(setattr, p, "x", 5); t(namedtuple, "Q", "a a"); t(namedtuple, "Q", "class"); x, y = p; print(x, y, [*p], max(P(1, 2), P(1, 3)))
match p:
    case P(x=a, y=b): print("P", a, b)
