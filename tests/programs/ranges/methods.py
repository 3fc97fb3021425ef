def t(f, *a, **k):
    try:
        print(f(*a, **k))
    except Exception as e:
        print(type(e).__name__ + ":", e)

r = range(2, 20, 3)
print(r, list(r), len(r), r[0], r[-1], r[1:3], r[::-1], r[10:], r.start, r.stop, r.step, bool(r), bool(range(0)), range(5), range(1, 5), range(0))
t(lambda: r[6]); t(lambda: r[-7]); t(lambda: r["a"]); t(lambda: r[1.0]); t(lambda: r[::0]); t(range); t(range, 1, 2, 3, 4); t(range, 1.0); t(range, 1, 2, 0); t(range, "1"); t(range, a=1)
print(5 in r, 6 in r, 5.0 in r, 5.5 in r, "5" in r, None in r, True in range(2), 20 in r, 2 in r)
print(r.index(5), r.count(5), r.count(6), r.count(5.0), r.index(8.0)); t(r.index, 6); t(r.index, "a")
print(range(0) == range(2, 1), range(0, 3, 2) == range(0, 4, 2), range(1) == range(0, 1, 5), range(3) == [0, 1, 2], range(3) != range(4), hash(range(0)) == hash(range(5, 5)), hash(range(0, 3, 2)) == hash(range(0, 4, 2)))
print(list(range(5, 0, -1)), list(range(0, -10, -3)), list(range(5, 5)), list(range(0, 5, -1)), list(reversed(range(5))), list(reversed(range(0, 10, 3))), list(reversed(range(0))))
t(lambda: range(3) + range(3)); t(lambda: range(3) < range(4))
def setit(): r[0] = 1
def attr(): r.start = 5
t(setit); t(attr)
print(list(range(10))[range(3)[2]], sum(range(101)), max(range(3)), min(range(3)), sorted(range(3), reverse=True), tuple(range(3)), [*range(2)])
class I:
    def __init__(self, n): self.n = n
    def __index__(self): return self.n
print(range(I(3)), range(I(1), I(5), I(2)), r[I(1)], I(2) in range(3), range(True), range(False, True))
it = iter(range(5)); next(it); print(it.__length_hint__(), it.__reduce__()[1:]); it.__setstate__(2); print(list(it), it.__reduce__()[1:], next(it, "end"))
print(r.__reduce__()[1:], type(iter(r)).__name__, r.__contains__(5), repr(range(-3, -1)))
for i in range(3):
    for j in range(i): print(i, j)
print([i for i in range(10, 0, -3)], range(10)[-3:], range(10)[5:2], range(10)[2:8][::2], range(0, 10, 2)[-1::-1])
