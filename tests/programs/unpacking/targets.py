# Unpacking: stars anywhere, nested targets, wrong lengths, iterators that misbehave, swaps and chains.
def t(src, **ns):
    try: exec(src, ns); print({k: v for k, v in ns.items() if len(k) == 1 and k not in "gx"})
    except Exception as e: print(type(e).__name__ + ":", e)
t("a, b = 1, 2"); t("a, *b = 1,"); t("*a, b = 'xyz'"); t("a, *b, c = range(5)"); t("*a, = ()"); t("[a, [b, *c], d] = 1, (2, 3, 4), 5"); t("(a, b), c = 'xy', 'z'")
t("a, b = 1"); t("a, b = None"); t("a, b = ()"); t("a, b = [1]"); t("a, b = [1, 2, 3]"); t("a, b, *c = [1]"); t("*a, b, c = [1]"); t("a, = [1, 2]"); t("a, = []"); t("a, b = {1: 2, 3: 4}"); t("a, b = {'x', 'x'}"); t("[] = []"); t("() = [1]"); t("a, b = 'é€'")
def gen(n, boom=None):
    for i in range(n):
        if i == boom: raise RuntimeError("boom")
        print("next", i); yield i
t("a, b = g", g=gen(3)); t("a, b = g", g=gen(2)); t("a, *b = g", g=gen(3)); t("a, b, c = g", g=gen(5, 1)); t("a, b, c = g", g=gen(2))
class Bad:
    def __iter__(self): raise ValueError("no iter")
t("a, b = x", x=Bad())
class NoIter:
    __iter__ = None
t("a, b = x", x=NoIter())
class BadIter:
    def __iter__(self): return 5
t("a, b = x", x=BadIter())
class Old:
    def __getitem__(self, i):
        if i > 1: raise IndexError
        return i * 10
t("a, b = x", x=Old()); t("a, = x", x=Old())
a = b = c = [0]; b += [1]; print(a, b is c); a, b = b, a = [1], [2]; print(a, b)
l = [1, 2, 3]; l[0], l[1], *l[2:] = 9, 8, 7, 6; print(l); i, l[i] = 2, "two"; print(l)
x, (y, z) = w = 1, (2, 3); print(x, y, z, w)
for a, (b, *c) in [(1, (2, 3, 4)), (5, [6])]: print(a, b, c)
for [k, v] in {"a": 1}.items(): print(k, v)
for l[0] in [1, 2]: pass
print(l)
class Ctx:
    def __enter__(self): return 5
    def __exit__(self, *a): pass
with Ctx() as l[1]: pass
print(type(l[1]).__name__)
print([*range(3), *"ab", *{}], (*[], *[1]), {*[1], *(2,)}, {**{"a": 1}, "b": 2, **{"a": 3}})
def star_return(): return 1, *[2, 3]
def star_yield(): yield 1, *[2]
print(star_return(), list(star_yield())); print(*[1], *[2, 3], sep="-"); a, b = (yield_, _) = 1, 2; print(a, b, yield_)
def t2(f):
    try: print(f())
    except Exception as e: print(type(e).__name__ + ":", e)
t2(lambda: [*5]); t2(lambda: {*5}); t2(lambda: {**5}); t2(lambda: (*None,)); t2(lambda: {**[1]}); t2(lambda: [*Bad()]); t2(lambda: {*[[]]}); t2(lambda: {**{1: 2}, **{1: 3}})
class Attr: pass
o = Attr(); o.a, o.b, *o.c = range(4); print(o.__dict__); o.a, o.b = o.b, o.a; print(o.a, o.b)
s = slice(1, 3); l = list(range(5)); l[s], l[0] = "xy", "z"; print(l); del l[0], l[1:2]; print(l); (a), [b] = 1, [2]; print(a, b)
a, b, c, d, e, f, g, h, *i = range(300); print(h, len(i)); x, = y, = [5]; print(x, y)
a: int; b: int = 3; (c): str = "c"; o.d: int = 4; print(b, c, o.d, __annotations__)
