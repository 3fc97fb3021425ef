def t(f, *a, **k):
    try:
        print(f(*a, **k))
    except Exception as e:
        print(type(e).__name__ + ":", e)

d = {"a": 1, "b": 2}
print(d, len(d), d["a"], d.get("x"), d.get("x", 5), "a" in d, "x" in d, list(d), d.keys(), d.values(), d.items())
d["c"] = 3; del d["a"]; print(d); t(lambda: d["zz"]); t(d.__delitem__, "zz"); t(lambda: d[[]]); t(lambda: [] in d)
print(d.setdefault("b", 9), d.setdefault("n"), d.setdefault("m", []), d)
print(d.pop("b"), d.pop("b", "default")); t(d.pop, "b"); t(d.pop); t({}.pop, []); t({1: 2}.pop, [])
print(d.popitem(), d); t({}.popitem)
d.update({"x": 1}); d.update([("y", 2), ["z", 3]]); d.update(w=4); d.update({"x": 0}, k=7); d.update(); print(d)
t(d.update, 5); t(d.update, [1]); t(d.update, [(1, 2, 3)]); t(d.update, 1, 2); t(d.update, ["ab", "cd"]); print(d)
print(dict(), dict({1: 2}), dict([(1, 2)]), dict(a=1), dict({1: 2}, b=3), dict(zip("ab", [1, 2])))
t(dict, 1); t(dict, [1]); t(dict, 1, 2); t(dict, [[1]])
print({1: "a"} | {2: "b"}, {1: 1} | {1: 2}); t(lambda: {} | []); t(lambda: [] | {})
d = {1: 1}; d |= {2: 2}; d |= [(3, 3)]; print(d)
def bad():
    d = {}; d |= 5
t(bad)
print({1: 2} == {1: 2}, {1: 2} == {1: 3}, {1: 2} == {2: 1}, {1: 2, 3: 4} == {3: 4, 1: 2}, {} == [], {1: 1.0} == {True: 1}); t(lambda: {} < {})
print(dict.fromkeys("ab"), dict.fromkeys([1, 2], 0), dict.fromkeys({})); t(dict.fromkeys); t(dict.fromkeys, 5)
print({1: 1, 1.0: 2, True: 3}, {0: "a", False: "b"}, {"a": 1, **{"a": 2, "c": 3}})
c = d.copy(); c.clear(); print(d, c, d.copy() == d)
print(list(reversed({1: 2, 3: 4})), list(reversed({1: 2, 3: 4}.items())), list(reversed({1: 2, 3: 4}.values())))
d = {}; d["self"] = d; print(d); d = {1: [d]}; print(d)
t(hash, {}); print({}.__hash__, bool({}), bool({0: 0}), {1: 2}.__contains__(1))
print({i: i * i for i in range(5)}, {k: v for k, v in [("a", 1)]})
t(lambda: {**5}); t(lambda: {**[1]}); print({**{}, **{1: 2}})
