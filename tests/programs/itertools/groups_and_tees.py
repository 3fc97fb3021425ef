def t(f, *a, **k):
    try:
        print(f(*a, **k))
    except Exception as e:
        print(type(e).__name__ + ":", e)

from itertools import *
print([(k, list(g)) for k, g in groupby("aaabbc")], [(k, list(g)) for k, g in groupby([1, 3, 2, 4, 5], key=lambda x: x % 2)], list(groupby([]))); t(groupby, 5); t(groupby)
gs = list(groupby("aabb")); print([(k, list(g)) for k, g in gs])
g = groupby("aabbcc"); k1, g1 = next(g); print(k1, next(g1)); k2, g2 = next(g); print(k2, list(g1), list(g2), [(k, list(v)) for k, v in g])
def fail(x):
    if x == 3: raise ValueError("key")
    return x
g = groupby([1, 2, 3, 4], key=fail); print(next(g)[0], next(g)[0]); t(next, g)
for k, _ in groupby([1, 1.0, True, 2]): print(k)
a, b = tee([1, 2, 3]); print(next(a), next(a), list(b), list(a)); print(tee([1], 0), len(tee([1], 4))); t(tee, [1], -1); t(tee, 5); t(tee)
a, b, c = tee(iter(range(200)), 3); print(sum(a), sum(b), next(c), len(list(c)))
a, = tee("abc", 1); next(a); x, y = tee(a); print(list(x), list(y)); import copy as cp
z, w = tee("xyz"); next(z); q = z.__copy__(); print(list(q), list(z), list(w))
def gen():
    for i in range(3): print("make", i); yield i
a, b = tee(gen()); print(next(a), next(b), next(b), list(a), list(b))
class Re:
    def __iter__(self): return self
    def __next__(self): return next(loop)
loop, other = tee(Re()); t(next, loop)
def windowed(it, n):
    its = tee(it, n)
    for i, x in enumerate(its): next(islice(x, i, i), None)
    return zip(*its)
print(list(windowed("abcde", 3)))
def roundrobin(*its):
    nexts = cycle(iter(i).__next__ for i in its); n = len(its)
    while n:
        try:
            for nx in nexts: yield nx()
        except StopIteration:
            n -= 1; nexts = cycle(islice(nexts, n))
print(list(roundrobin("ABC", "D", "EF")))
print(list(chain.from_iterable(repeat(x, n) for x, n in [("a", 2), ("b", 1)])), list(map(tuple, batched(range(5), 2))), dict(zip_longest("ab", [1])))
