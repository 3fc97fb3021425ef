def t(f, *a, **k):
    try:
        print(f(*a, **k))
    except Exception as e:
        print(type(e).__name__ + ":", e)

a = (1, 2, 3, 2)
print(a, (), (1,), a[0], a[-1], a[1:3], a[::-1], a[:] is a, len(a), 2 in a, 9 in a, a.count(2), a.index(2), a.index(2, 2))
t(a.index, 9); t(a.index, 1, 1); t(lambda: a[9]); t(lambda: a["x"]); t(lambda: a[1.0]); t(lambda: a[::0])
print(a + (5,), a * 2, 2 * a, () * 5, a * 0, a * -1, (a * 1) is a, (a + ()) is a, () + a is a)
t(lambda: a + [1]); t(lambda: a * "x"); t(lambda: [1] + a); t(lambda: (1,) * (1 << 62))
def setit(): a[0] = 1
def delit(): del a[0]
t(setit); t(delit)
print((1, 2) == (1, 2), (1, 2) < (1, 3), (1,) < (1, 0), (1, 2) == [1, 2], (2,) > (1, 9), (1, "a") != (1, "b")); t(lambda: (1,) < ("a",)); t(lambda: (1,) < 5)
print(tuple(), tuple([1, 2]), tuple("ab"), tuple(a) is a, tuple(x for x in range(3)), tuple({1: 2})); t(tuple, 5); t(tuple, 1, 2); t(tuple, x=1)
print(hash((1, 2)) == hash((1, 2)), hash((1, 2)) == hash((1.0, 2.0))); t(hash, ([],)); print(hash(((1, 2), (3,))) == hash(((1, 2), (3,))))
l = []; x = (l,); l.append(x); print(x, l)
print(((),), ((1,), [2]), (None, True, 1.5, "s"), repr((1,)), str(("a",)))
class T(tuple):
    def __new__(cls, *items): return super().__new__(cls, items)
    def __getitem__(self, i): return "over"
p = T(1, 2); print(p, p[0], list(p), p == (1, 2), type(p + (3,)).__name__, type(p * 2).__name__, type(p[0:1]).__name__, hash(p) == hash((1, 2)), p.__getnewargs__()); p.extra = 1; print(p.extra, tuple(p) == (1, 2), type(tuple(p)).__name__)
print(a.__getnewargs__(), a.__contains__(2), a.__len__(), tuple.__add__((1,), (2,)))
x, y = 1, 2; x, y = y, x; print(x, y)
print(max((3, 1), (3, 0)), sorted([(2, 1), (1, 2)]), (*a, *"b"))
it = iter(a); next(it); print(it.__length_hint__(), it.__reduce__()[1:]); it.__setstate__(3); print(list(it), it.__reduce__()[1:])
r = reversed((1, 2)); print(r.__length_hint__(), next(r), r.__reduce__()[1:], list(r), r.__length_hint__(), r.__reduce__()[1:])
