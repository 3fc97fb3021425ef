def t(f, *a, **k):
    try:
        print(f(*a, **k))
    except Exception as e:
        print(type(e).__name__ + ":", e)

class C:
    x = 1
    def __init__(self): self.y = 2
    def m(self): return "m"
c = C()
print(getattr(c, "x"), getattr(c, "y"), getattr(c, "z", "default"), getattr(c, "m")(), hasattr(c, "x"), hasattr(c, "zz"), getattr(C, "x"), getattr(5, "real"))
t(getattr, c, "zz"); t(getattr, c); t(getattr, c, 5); t(hasattr, c, 5); t(getattr, c, "a", 1, 2); t(setattr, c, 5, 1); t(setattr, c, "a"); t(delattr, c, "zz"); t(delattr, c, 5); t(setattr, 5, "x", 1); t(delattr, 5, "real"); t(setattr, int, "x", 1)
setattr(c, "new", 5); print(c.new, vars(c)); delattr(c, "new"); print(vars(c), vars() is locals() if False else ""); t(vars, 5); t(vars, 1, 2)
class Raising:
    @property
    def p(self): raise ValueError("in property")
    @property
    def q(self): raise AttributeError("in property")
r = Raising(); t(getattr, r, "p", 1); t(getattr, r, "q", 1); t(hasattr, r, "p"); t(hasattr, r, "q")
class Get:
    def __getattr__(self, n): return f"got {n}"
print(getattr(Get(), "any"), hasattr(Get(), "any"), getattr(Get(), "x", 5))
print(isinstance(1, int), isinstance(True, int), isinstance(1, str), isinstance(1, (str, int)), isinstance(1, ()), isinstance(1, ((str,), (int,))), isinstance([], list), isinstance(None, type(None)), isinstance(int, type), isinstance(1, int | str), isinstance("", int | None))
t(isinstance, 1, 5); t(isinstance, 1); t(isinstance, 1, (5,)); t(isinstance, 1, (int, 5)); t(isinstance, 1, [int]); t(isinstance, 1, list[int])
print(issubclass(bool, int), issubclass(int, object), issubclass(int, (str, int)), issubclass(str, int), issubclass(int, int | str), issubclass(C, C)); t(issubclass, 1, int); t(issubclass, int, 5); t(issubclass, int); t(issubclass, int, (5,))
class Meta(type):
    def __instancecheck__(cls, o): return o == 42
    def __subclasscheck__(cls, s): return s is str
class Fake(metaclass=Meta): pass
print(isinstance(42, Fake), isinstance(1, Fake), issubclass(str, Fake), issubclass(int, Fake), isinstance(Fake(), Fake))
class Liar:
    @property
    def __class__(self): return int
print(isinstance(Liar(), int), type(Liar()).__name__)
print(callable(len), callable(C), callable(c), callable(c.m), callable(lambda: 0), callable(5), callable(Get())); 
class Call:
    def __call__(self): return 1
print(callable(Call()), Call()()); t(callable)
print(id(c) == id(c), id(c) == id(C()), type(id(c)).__name__, len({id(x) for x in [[], [], []]}))
print([n for n in dir(c) if not n.startswith("_")], dir([])[-3:], "append" in dir(list)); t(dir, 1, 2)
class D:
    def __dir__(self): return ["b", "a"]
print(dir(D()))
def f():
    a = 1
    return sorted(locals()), "f" in globals()
print(f()); print("C" in globals(), globals()["C"] is C)
print(len([1]), len("ab"), len({}), len(range(5))); t(len, 5); t(len); t(len, [], [])
class L:
    def __init__(self, n): self.n = n
    def __len__(self): return self.n
print(len(L(3)), bool(L(0)), bool(L(1))); t(len, L(-1)); t(len, L("a")); t(len, L(2 ** 70)); t(bool, L(-1)); t(len, L(1.5))
