def t(f, *a, **k):
    try:
        print(f(*a, **k))
    except Exception as e:
        print(type(e).__name__ + ":", e)

print(list(enumerate("ab")), list(enumerate("ab", 5)), list(enumerate([], 3)), list(enumerate("ab", start=-1)), list(enumerate(iterable="x")), next(enumerate("a", 10 ** 30)), next(enumerate("a", 2 ** 61)))
e = enumerate("abc", 2 ** 61 - 1); print(list(e)); t(enumerate); t(enumerate, 1); t(enumerate, [], "a"); t(enumerate, [], 1.5)
print(list(zip()), list(zip("ab")), list(zip("abc", [1, 2])), list(zip("ab", [1, 2], (3, 4))), list(zip(*[(1, 2), (3, 4)])), list(zip("ab", "cd", strict=True)))
t(zip, 1); t(zip, [], 5); t(lambda: list(zip("a", "bc", strict=True))); t(lambda: list(zip("ab", "c", strict=True))); t(lambda: list(zip("a", "b", "cd", strict=True))); t(lambda: list(zip("ab", "cd", "e", strict=True))); t(lambda: list(zip("", "", "x", strict=True))); t(zip, "a", foo=1)
print(list(map(len, ["a", "bb"])), list(map(lambda a, b: a + b, [1, 2], [3, 4, 5])), list(map(None, []))); t(map); t(map, len); t(map, len, 5); t(lambda: list(map(5, [1]))); t(lambda: list(map(len, [1])))
print(list(filter(None, [0, 1, "", "a"])), list(filter(lambda x: x > 1, [1, 2, 3])), list(filter(bool, [0, 5])), list(filter(str.isdigit, "a1b2"))); t(filter); t(filter, None); t(filter, None, 5); t(lambda: list(filter(5, [1])))
print(list(reversed([1, 2])), list(reversed("ab")), list(reversed((1, 2))), list(reversed({1: 2})), list(reversed(range(3)))); t(reversed, {1}); t(reversed, 5); t(reversed, iter([])); t(reversed)
class Seq:
    def __len__(self): return 3
    def __getitem__(self, i): return i * 10
print(list(reversed(Seq())), reversed(Seq()).__length_hint__())
class Rev:
    def __reversed__(self): return "custom"
print(reversed(Rev()))
class NoRev:
    __reversed__ = None
    def __len__(self): return 0
    def __getitem__(self, i): return i
t(reversed, NoRev())
values = iter([1, 2, 0, 3]); print(list(iter(lambda: next(values), 0)), list(values)); t(iter, 5, 0); n = iter(int, 1); print(next(n), type(n).__name__, n.__reduce__()[1][1:])
def stopper(): raise StopIteration
print(list(iter(stopper, None)), list(iter([].pop, 1)) if False else "")
x = zip("ab", "cd"); print(x.__reduce__()[0].__name__, next(x)); m = map(len, []); print(m.__reduce__()[0].__name__); f = filter(None, []); print(f.__reduce__()[1][0])
class Z(zip): pass
print(list(Z("ab", "cd")), type(Z()).__name__); 
class E2(enumerate):
    def __next__(self): return ("sub", super().__next__())
print(list(E2("ab"))); 
a, b = zip(*enumerate("xyz")); print(a, b); print(dict(enumerate("ab")), [i for i, c in enumerate("aXb") if c.isupper()])
print(sum(map(lambda x: x * x, filter(lambda x: x % 2, range(10)))), any(map(None.__eq__, [None])), all([]), any([]), all([1, 0]), any([0, 2]))
it = iter([1, 2, 3, 4]); print(list(zip(it, it))); it = map(lambda x: 1 / x, [1, 0, 2]); print(next(it)); t(next, it); print(next(it), next(it, "end"))
