def t(f, *a, **k):
    try:
        print(f(*a, **k))
    except Exception as e:
        print(type(e).__name__ + ":", e)

def f(*args, **kwargs): return args, kwargs
print(f(**{"a": 1}), f(1, *[2], b=3, **{"c": 4}, **{}))
t(lambda: f(a=1, **{"a": 2})); t(lambda: f(**{"a": 1}, **{"a": 2})); t(lambda: f(**5)); t(lambda: f(**{1: 2})); t(lambda: f(*5)); t(lambda: f(1, *5))
class M:
    def keys(self): return ["k"]
    def __getitem__(self, k): return "v"
print(f(**M())); t(lambda: f(k=1, **M()))
t(lambda: print(**{"bad": 1})); t(lambda: len(**{"x": 1})); t(lambda: [].append(**{"x": 1}))
def g(a, b=2, *, c=3): return a, b, c
print(g(1), g(1, c=5), g(**{"a": 1, "c": 2})); t(g); t(g, 1, 2, 3); t(g, 1, a=1); t(g, 1, d=1); t(lambda: g(**{"a": 1}, c=1, **{"b": 2}))
d = {"a": 1}; r = f(**d)[1]; r["a"] = 2; print(d)
class K:
    def keys(self): return 3
t(lambda: f(**K())); t(lambda: {**K()})
class A:
    def keys(self): raise AttributeError("own")
t(lambda: f(**A())); t(lambda: {**A()}); t(dict, A())
match {"a": 1, "b": 2, "c": 3}:
    case {"a": x, **rest}: print(x, rest)
match {"a": 1}:
    case {"b": _}: print("b")
    case {}: print("empty pattern")
match [1, [2, 3]]:
    case [a, [b, *c]]: print(a, b, c)
class P:
    __match_args__ = ("x", "y")
    def __init__(self, x, y): self.x, self.y = x, y
match P(1, 2):
    case P(1, y=z): print("P", z)
match 5:
    case str(): print("str")
    case int(n): print("int", n)
def too_many():
    match P(1, 2):
        case P(1, 2, 3): pass
t(too_many)
def twice():
    match P(1, 2):
        case P(1, x=1): pass
t(twice)
