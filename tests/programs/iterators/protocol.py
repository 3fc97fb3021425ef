def t(f, *a, **k):
    try:
        print(f(*a, **k))
    except Exception as e:
        print(type(e).__name__ + ":", e)

class Old:
    def __getitem__(self, i):
        if i > 3: raise IndexError
        return i * i
print(list(Old()), 4 in Old(), 5 in Old(), [x for x in Old()], max(Old()), list(zip(Old(), "ab"))); it = iter(Old()); next(it); print(type(it).__name__, it.__reduce__()[2], it.__length_hint__()); it.__setstate__(3); print(list(it), next(it, "end"))
class OldStop:
    def __getitem__(self, i):
        if i > 1: raise StopIteration
        return i
print(list(OldStop()))
class OldBad:
    def __getitem__(self, i): raise ValueError("bad")
t(list, OldBad()); t(lambda: 1 in OldBad())
class NoIter: pass
t(iter, NoIter()); t(list, NoIter()); t(lambda: 1 in NoIter()); t(next, NoIter()); t(next, [])
def loop():
    for x in NoIter(): pass
t(loop)
class BadIter:
    def __iter__(self): return 5
t(iter, BadIter()); t(list, BadIter())
class NoneIter:
    __iter__ = None
t(iter, NoneIter()); t(lambda: 1 in NoneIter())
class Count:
    def __init__(self, n): self.n = n
    def __iter__(self): return self
    def __next__(self):
        if self.n == 0: raise StopIteration("value")
        self.n -= 1; return self.n
print(list(Count(3)), tuple(Count(2)), sum(Count(4)), dict(zip("abc", Count(3))), [*Count(2)], sorted(Count(3)), max(Count(3)), "".join(map(str, Count(3))))
try: next(Count(0))
except StopIteration as e: print("stop", e.value, e.args)
c = Count(1); print(next(c), next(c, "default"))
class Raising:
    def __iter__(self): return self
    def __next__(self): raise KeyError("k")
t(list, Raising()); t(next, Raising()); t(next, Raising(), 1); t(sum, Raising()); t(lambda: [*Raising()]); t(lambda: 1 in Raising()); t(set, Raising()); t(dict, Raising()); t(",".join, Raising())
print(next(iter([1]), 2), next(iter([]), 2)); t(next, iter([])); t(next); t(iter); t(next, 1, 2, 3)
def gen():
    x = yield 1
    print("sent", x)
    return 99
g = gen(); print(next(g))
try: g.send("hi")
except StopIteration as e: print("returned", e.value)
print(next(g, "done"))
class LH:
    def __iter__(self): return iter([1, 2])
    def __length_hint__(self): return 10
print(list(LH())); 
for cls in (list, tuple, str, bytes, bytearray, dict, set, lambda: range(0)):
    it = iter(cls()); print(type(it).__name__, next(it, "empty"), iter(it) is it)
