def t(f, *a, **k):
    try:
        print(f(*a, **k))
    except Exception as e:
        print(type(e).__name__ + ":", e)

d = {"a": 1, "b": 2, "c": 3}
k, v, i = d.keys(), d.values(), d.items()
print(k, v, i, len(k), len(v), len(i)); d["d"] = 4; print(list(k), list(v), list(i))
print("a" in k, 1 in v, ("a", 1) in i, ("a", 2) in i, "x" in i, ("a",) in i, [] in v)
t(lambda: [] in k); t(lambda: ([], 1) in i)
print(sorted(k & {"a", "z"}), sorted(k | {"z"}), sorted(k - {"a"}), sorted(k ^ {"a", "z"}), sorted(k & ["a", "q"]), sorted(["a", "q"] & k) if False else "")
print(sorted({"a", "z"} & k), sorted({"a", "z"} - k), sorted({"a", "z"} | k), sorted({"a", "z"} ^ k), type(k & k).__name__)
print(sorted(i & {("a", 1), ("b", 5)}), sorted(i - {("a", 1)}), sorted(i ^ {("a", 1)}))
print(k == {"a", "b", "c", "d"}, k == set(), k < {"a", "b", "c", "d", "e"}, k <= k, k > {"a"}, k >= {"z"}, k != i, k == list(k))
print(i == dict(d).items(), v == v, v == d.values(), k.isdisjoint({"q"}), k.isdisjoint(["a"]), i.isdisjoint([]))
t(lambda: k & 5); t(lambda: k | 5); t(lambda: v & v); t(lambda: k < 5); t(k.isdisjoint, 5); t(hash, k); t(hash, i)
print(hash(v) == hash(v), k.mapping, type(k.mapping).__name__); t(lambda: k.mapping.__setitem__("a", 1))
print(list(reversed(k)), list(reversed(v)), list(reversed(i)))
for name in ("keys", "values", "items"):
    e = {}; print(getattr(e, name)()); e["self"] = getattr(e, name)(); print(e)
t(lambda: k[0]); t(lambda: type(k)()); t(lambda: len(iter(k)))
class D(dict):
    def keys(self): return ["fake"]
print({**D(a=1)}, dict(D(a=1)), D(a=1).items())
print({1, 2}.isdisjoint({3: 1}.keys()), {3} <= {3: 1}.keys(), {3: 1}.keys() >= {3})
