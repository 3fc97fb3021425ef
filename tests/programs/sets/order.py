def t(f, *a, **k):
    try:
        print(f(*a, **k))
    except Exception as e:
        print(type(e).__name__ + ":", e)

# The order of iteration follows CPython's table.
print(list({5, 3, 8, 1}), list(set(range(10, 0, -1))), list({100, 200, 300, 7}), list({-1, -2, 0}), list({1 << 40, 3, 1 << 20}))
print(list(set(range(0, 100, 7))), list({i * i for i in range(20)}), list({0.5, 1.5, 2, 3}), list({(i, i) for i in range(5)}))
s = set(range(20))
for i in range(0, 20, 3): s.discard(i)
print(list(s)); s.add(100); s.add(3); print(list(s)); print([s.pop() for _ in range(4)], list(s))
print(list({1, 2, 3, 40, 50} | {9, 8, 70}), list({1, 2, 3, 40, 50} & {50, 3, 9}), list({1, 2, 3, 40, 50} - {3}), list({1, 2, 3, 40, 50} ^ {50, 3, 9}))
print(list(set([9, 1, 33]).union([65, 2], {17})), list(frozenset(range(5, 40, 9))), list(set(frozenset(range(60, 0, -7)))))
a = set(range(50)); b = a - set(range(5, 48)); print(list(b)); a.difference_update(range(3, 47)); print(list(a)); c = a.copy(); print(list(c))
d = {x: None for x in (8, 16, 24, 32, 40)}; print(list(set(d)), list(d.keys() | {48}), list(d.keys() & {40, 8, 1}), list({40, 8, 1} & d.keys()), list(d.keys() - {16}), list(d.keys() ^ {16, 1}))
big = set(range(1000)); print(list(big)[:5], sum(big)); big -= set(range(990)); print(list(big))
def shifting():
    s = {1, 2, 3}
    for x in s: s.add(x + 100)
def removing():
    s = {1, 2, 3}
    for x in s: s.discard(x)
t(shifting); t(removing)
it = iter({1, 2, 3}); print(it.__length_hint__(), next(it), it.__length_hint__(), it.__reduce__()[1]); print(list(it), next(it, None), it.__length_hint__())
