class P:
    __slots__ = ("x", "y", "__private")

    def __init__(self, x):
        self.x = x
        self.__private = 1

    def get(self):
        return self.__private


p = P(1)
print(p.x, p.get(), hasattr(p, "y"), hasattr(p, "__dict__"), P.__slots__)
for f in [lambda: p.y, lambda: setattr(p, "z", 1), lambda: delattr(p, "y"), lambda: p.__dict__, lambda: P.x.__get__(3),
          lambda: P.x.__set__(3, 4)]:
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__ + ":", e)
p.y = 5
del p.y
print(hasattr(p, "y"))
print(type(P.x).__name__, P.x, P.x.__name__, P.x.__objclass__)


class Q(P):
    __slots__ = ("w",)


q = Q(3)
q.w = 4
q.y = 6
print(q.x, q.y, q.w, q.get(), hasattr(q, "__dict__"))


class R(P):
    pass


r = R(7)
r.free = 1
r.y = 2
print(r.__dict__, r.x, r.y, r.free)


class S:
    __slots__ = ["a", "__dict__", "__weakref__"]


s = S()
s.a, s.b = 1, 2
print(s.__dict__, s.a)
bad = [
    "class T: __slots__ = 3",
    "class T: __slots__ = ('1a',)",
    "class T: __slots__ = (3,)",
    "class T: __slots__ = ('a',); a = 1",
    "class T(S): __slots__ = ('__dict__',)",
    "class T(int): __slots__ = ('a',)",
    "class T(tuple): __slots__ = ('a',)",
    "class A: __slots__ = 'a'\nclass B: __slots__ = 'b'\nclass T(A, B): pass",
]
for source in bad:
    try:
        exec(source)
        print("fine", source)
    except Exception as e:
        print(type(e).__name__ + ":", e)


class U:
    __slots__ = "single"


u = U()
u.single = 3
print(u.single, U.__dict__["single"].__get__(u, U))


class V:
    __slots__ = ()


class W(V, P):
    __slots__ = ()


w = W(1)
print(w.x, hasattr(w, "__dict__"))


class Default:
    __slots__ = {"doc": "documented", "n": "another"}


d = Default()
d.doc = 1
print(d.doc, sorted(Default.__slots__))
x = Q(1)
try:
    x.__class__ = P
except TypeError as e:
    print("TypeError:", e)


class A1:
    __slots__ = ("a",)


class A2:
    __slots__ = ("a",)


a = A1()
a.a = 9
a.__class__ = A2
print(a.a, type(a).__name__)


class Many:
    __slots__ = tuple(f"s{i}" for i in range(100))


m = Many()
for i in range(100):
    setattr(m, f"s{i}", i)
print(sum(getattr(m, f"s{i}") for i in range(100)))
