def t(f, *a, **k):
    try:
        print(f(*a, **k))
    except Exception as e:
        print(type(e).__name__ + ":", e)

s = {3, 1, 2}
print(s, len(s), 1 in s, 9 in s, set(), frozenset(), frozenset([1]), {1} == frozenset([1]), set("hello") == set("olhe"))
s.add(4); s.add(4); s.discard(1); s.discard(99); print(s); t(s.remove, 99); s.remove(4); print(s)
t(lambda: {[]}); t(s.add, []); t(s.remove, []); t(s.discard, {}); t(lambda: [] in s); t(lambda: {1: 2} in s)
print({frozenset([1])} == {frozenset([1])}, {1} in {frozenset([1])}, {9} in {1}); fs = {frozenset([1]), 2}; fs.remove({1}); print(fs); t(fs.remove, {5}); fs.discard({7})
print({1, 2} | {2, 3}, {1, 2} & {2, 3}, {1, 2} - {2, 3}, {1, 2} ^ {2, 3}); t(lambda: {1} | [1]); t(lambda: {1} & 5); t(lambda: {1} - "a"); t(lambda: 5 ^ {1})
print({1, 2}.union([3], (4,), {5: 6}), {1, 2, 3}.intersection([2, 3], [3]), {1, 2, 3}.difference([1], "a"), {1, 2}.symmetric_difference([2, 3]))
print({1}.union(), {1}.intersection(), {1}.difference()); t({1}.union, 5); t({1}.intersection, 5); t({1}.symmetric_difference)
s = {1, 2, 3}; s.update([4], {5}); s.intersection_update([1, 2, 4, 5]); s.difference_update([5]); s.symmetric_difference_update([1, 9]); print(s)
s |= {7}; s &= {7, 9, 2}; s -= {2}; s ^= {7, 8}; print(s)
def bad():
    s = {1}; s |= [2]
t(bad)
print({1} < {1, 2}, {1} <= {1}, {1, 2} > {1}, {1} >= {2}, {1} == {1.0}, {1} != {2}, {1} < {1}, set() < {1}); t(lambda: {1} < [1, 2])
print({1}.issubset([1, 2]), {1, 2}.issuperset([1]), {1}.isdisjoint([2]), {1}.isdisjoint({1}), set().issubset([])); t({1}.issubset, 5)
print(type({1} | frozenset([2])).__name__, type(frozenset([2]) | {1}).__name__, type(frozenset([1]).copy()).__name__)
c = s.copy(); c.clear(); print(s, c); t(set().pop); x = {5}; print(x.pop(), x)
t(set, 1); t(set, 1, 2); t(set, a=1); t(frozenset, 1, 2); t(frozenset, a=1); t(hash, {1})
f = frozenset([1, 2]); print(frozenset(f) is f, f.copy() is f, hash(f) == hash(frozenset([2, 1])), {f: 1}[frozenset([1, 2])])
print({x % 3 for x in range(10)}, {*"ab"} == {"a", "b"}, {*[1], *(2,)}); t(lambda: {*5})
print(bool(set()), bool({0}), repr(set()), str({1}), {(1, 2)}, {None}, {True, 1, 1.0})
s = set([1, 2, 3]); s.__init__(); print(s); s.__init__([7]); print(s)
print({1, 2, 3}.__reduce__()[1:], frozenset([1]).__reduce__()[1:], set().__sizeof__(), set(range(10)).__sizeof__())
