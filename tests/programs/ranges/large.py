def t(f, *a, **k):
    try:
        print(f(*a, **k))
    except Exception as e:
        print(type(e).__name__ + ":", e)

b = 10 ** 30
r = range(b, b + 5)
print(r, list(r), r[0], r[-1], r[1:3], b + 2 in r, b + 9 in r, 5 in r, len(r), r.index(b + 3), r.count(b))
t(lambda: r[5]); t(len, range(b)); t(lambda: range(b)[b]); print(range(b)[b - 1], range(b)[-1], bool(range(b)), range(b)[5:b - 5], range(b)[::-1])
print(list(range(2 ** 62 - 2, 2 ** 62 + 2)), list(range(-2 ** 62 + 1, -2 ** 62 - 2, -1)), list(range(2 ** 61 - 2, 2 ** 61 + 1)), list(range(2 ** 63 - 2, 2 ** 63 + 2)))
for i in range(2 ** 61 - 2, 2 ** 61 + 2): print(i)
print(list(reversed(range(2 ** 64, 2 ** 64 + 6, 2))), list(range(0, b, b // 3)), range(0, b, b // 3).index(b // 3 * 2))
it = iter(range(b, b + 4)); print(type(it).__name__, next(it), it.__length_hint__(), it.__reduce__()[1:]); it.__setstate__(2); print(list(it), next(it, None)); t(it.__setstate__, "a")
print(range(b) == range(b), range(b, b) == range(0), hash(range(b, b + 1)) == hash(range(b, b + 1, 9)), hash(range(b)) == hash(range(b + 1)), range(2 ** 70, 0, -2 ** 69))
print(range(-b, b, b)[1], range(-b, b, b)[-1], 0 in range(-b, b, 2), 1 in range(-b, b, 2), range(5)[-b:b], range(5)[b:], range(5)[:-b])
t(lambda: range(5)[b]); print(range(2 ** 62)[2 ** 61], range(2 ** 64)[2 ** 63], range(0, 2 ** 64, 2 ** 32)[3])
import sys
print(len(range(sys.maxsize)), range(sys.maxsize)[-1] == sys.maxsize - 1, range(-sys.maxsize - 1, sys.maxsize)[0]); t(len, range(sys.maxsize + 1)); t(len, range(-sys.maxsize, sys.maxsize))
