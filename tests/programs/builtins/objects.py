def t(f, *a, **k):
    try:
        print(f(*a, **k))
    except Exception as e:
        print(type(e).__name__ + ":", e)

print(type(5).__name__, type("").__name__, type(type).__name__, type(None).__name__, type(len).__name__, type(print), type([].append).__name__, type(list.append).__name__)
print(len.__name__, len.__module__, len.__doc__ is not None, [].append.__name__, [].append.__self__, list.append.__qualname__, len.__self__.__name__)
print(len, list.append, str.join, int.__add__, (5).__add__(6))
print(eval("1 + 2"), eval("x * 2", {"x": 5}), eval("y", {}, {"y": 3})); exec("z = 5"); print(z); ns = {}; exec("def f(): return 9", ns); print(ns["f"]())
c = compile("1 + 1", "<s>", "eval"); print(eval(c)); t(eval, "1 +"); t(eval, 5); t(exec, 5); t(compile, "x", "f", "bad")
print(slice(5), slice(1, 2), slice(1, 2, 3), slice(None) == slice(None), slice(1, 2) < slice(1, 3), slice(1, 2).start, slice(10).indices(5), slice(None, None, -1).indices(5), slice(-3, None).indices(10), slice(1, 100, 2).indices(10))
t(slice); t(slice, 1, 2, 3, 4); t(slice(1).indices, -1); t(slice(1).indices, "a"); t(slice(1, 2, 0).indices, 5); t(slice("a").indices, 5); print(hash(slice(1, 2, 3)), slice(1, 2, 3).__reduce__()[1:], {slice(1): 2}); t(hash, slice([])); t(lambda: slice(1) < 5)
print(slice(10 ** 30, 10 ** 31).indices(10 ** 40), slice(None, None, -1).indices(10 ** 30))
print(bool(0), bool(""), bool(None), bool([0]), bool(object()), not 5, int(), str(), float(), list(), dict(), tuple(), set(), bytes(), bool(), complex(), frozenset())
o = object(); t(setattr, o, "x", 1); t(object, 5); print(object() == object(), o == o, o != o)
class Eq:
    def __eq__(self, o): return NotImplemented
print(Eq() == Eq(), Eq() != 5); t(lambda: Eq() < Eq()); t(lambda: object() < object())
t(lambda: 5()); t(lambda: "a" + 1); t(lambda: 1 + "a"); t(lambda: [] + {}); t(lambda: -"a"); t(lambda: ~1.5); t(lambda: None + 1); t(lambda: 1 @ 2); t(lambda: print >> 1)
print(__name__, __debug__, __builtins__.__name__)
import builtins; print(builtins.len is len, builtins.__name__, builtins.True_ if hasattr(builtins, "True_") else "none")
