def t(f, *a, **k):
    try:
        print(f(*a, **k))
    except Exception as e:
        print(type(e).__name__ + ":", e)

from itertools import *
print(list(product()), list(product("ab", [1, 2])), list(product("ab", repeat=2)), list(product([], "a")), list(product("a", repeat=0)), list(product(range(2), repeat=3)), list(product("ab", [1], repeat=2))); t(product, 5); t(product, "a", repeat=-1); t(product, "a", foo=1)
print(list(permutations("abc")), list(permutations("abc", 2)), list(permutations("ab", 3)), list(permutations("abc", 0)), list(permutations([])), len(list(permutations(range(6), 3)))); t(permutations, "a", -1); t(permutations, "a", "x"); t(permutations, 5); t(permutations)
print(list(combinations("abcd", 2)), list(combinations("abc", 3)), list(combinations("abc", 4)), list(combinations("abc", 0)), list(combinations([], 0)), list(combinations([], 1)), len(list(combinations(range(10), 4)))); t(combinations, "a", -1); t(combinations, "a"); t(combinations, "a", "b")
print(list(combinations_with_replacement("abc", 2)), list(combinations_with_replacement("ab", 3)), list(combinations_with_replacement("", 2)), list(combinations_with_replacement("", 0)), list(combinations_with_replacement("a", 3))); t(combinations_with_replacement, "a", -1)
p = permutations("abc"); print(next(p), next(p), list(p)[-1], next(p, "end")); c = combinations("ab", 1); print(list(c), list(c))
print(sum(1 for _ in product(range(10), repeat=4)), list(islice(permutations(range(20)), 2)) == [tuple(range(20)), tuple(range(18)) + (19, 18)])
for n in range(5):
    for r in range(6):
        ps = list(permutations(range(n), r)); cs = list(combinations(range(n), r)); rs = list(combinations_with_replacement(range(n), r))
        print(n, r, len(ps), len(cs), len(rs), ps == sorted(ps), cs == sorted(cs), rs == sorted(rs), len(set(ps)) == len(ps))
