def t(f, *a, **k):
    try:
        print(f(*a, **k))
    except Exception as e:
        print(type(e).__name__ + ":", e)

from itertools import *
print(list(islice(count(), 3)), list(islice(count(5, -2), 4)), list(islice(count(0.5, 0.25), 3)), count(5), count(1, 2), count(1.5), list(islice(count(2 ** 61 - 1), 3)), next(count(10 ** 30)), list(islice(count(step=3), 3))); t(count, "a"); t(count, 1, "b"); t(count, 1, 2, 3)
c = cycle("abc"); print([next(c) for _ in range(7)], list(cycle([])), list(islice(cycle(iter([1])), 3))); t(cycle); t(cycle, 5)
print(list(repeat(1, 3)), repeat(5), repeat("a", 2), list(repeat(1, 0)), list(repeat(1, -5)), repeat(1, 3).__length_hint__(), list(islice(repeat(7), 2)), list(repeat(object=1, times=2))); t(repeat(1).__length_hint__); t(repeat); t(repeat, 1, "a")
print(list(chain()), list(chain("ab", [1])), list(chain.from_iterable([[1], (2,), "x"]))); t(lambda: list(chain(1))); t(lambda: list(chain([1], 2))); t(chain, a=1); t(chain.from_iterable, 5); ch = chain([1, 2], [3]); next(ch); print(list(ch))
print(list(islice("abcdef", 2)), list(islice("abcdef", 2, 4)), list(islice("abcdef", 1, None, 2)), list(islice("abc", None)), list(islice("abc", 5)), list(islice("abcdef", 0, 6, 10)), list(islice("abc", 0)), list(islice("abc", 2, 2)))
t(islice, "a"); t(islice, "a", -1); t(islice, "a", "b"); t(islice, "a", 1, 2, 0); t(islice, "a", -1, 2); t(islice, "a", 1, 2, 3, 4); t(islice, 5, 1); t(islice, "a", 1, 2, "x")
it = iter("abcdef"); print(list(islice(it, 1, 3)), list(it)); it = iter("abcdef"); print(list(islice(it, 0, 4, 3)), list(it))
print(list(compress("abcdef", [1, 0, 1, 0, 1])), list(compress("abc", [])), list(compress(data="ab", selectors=[0, 1])))
print(list(takewhile(lambda x: x < 3, [1, 2, 5, 1])), list(dropwhile(lambda x: x < 3, [1, 2, 5, 1])), list(filterfalse(lambda x: x % 2, range(5))), list(filterfalse(None, [0, 1, ""])), list(starmap(pow, [(2, 3), (3, 2)])), list(starmap(lambda *a: a, ["ab", [1], ()])))
t(lambda: list(starmap(pow, [5]))); t(takewhile, 5); tw = takewhile(bool, [1, 0, 1]); print(list(tw), list(tw))
print(list(accumulate([1, 2, 3])), list(accumulate([1, 2, 3], lambda a, b: a * b)), list(accumulate([1, 2], initial=10)), list(accumulate([], initial=5)), list(accumulate([])), list(accumulate("abc")), list(accumulate([3, 1, 2], max)), list(accumulate(iterable=[1], func=None)))
print(list(pairwise("abcd")), list(pairwise("a")), list(pairwise([])), list(batched("abcdefg", 3)), list(batched([], 2)), list(batched("abcd", 2, strict=True))); t(batched, "a", 0); t(lambda: list(batched("abc", 2, strict=True))); t(batched, "a"); t(pairwise, 5)
print(list(zip_longest("abc", [1])), list(zip_longest("a", [1, 2], fillvalue="-")), list(zip_longest()), list(zip_longest("", "")), list(zip_longest("ab"))); t(zip_longest, 5); t(zip_longest, "a", foo=1)
