class Data:
    def __init__(self, name):
        self.name = name

    def __get__(self, obj, owner=None):
        print("get", self.name, obj is not None, owner.__name__ if owner else None)
        return ("data", self.name)

    def __set__(self, obj, value):
        print("set", self.name, value)

    def __delete__(self, obj):
        print("delete", self.name)

    def __set_name__(self, owner, name):
        print("set_name", owner.__name__, name)


class NonData:
    def __get__(self, obj, owner=None):
        return ("nondata", obj is None)


class SetOnly:
    def __set__(self, obj, value):
        obj.__dict__["so"] = value * 2


class A:
    d = Data("d")
    n = NonData()
    so = SetOnly()


a = A()
print(a.d, A.d)
a.d = 5
del a.d
print(a.n, A.n)
a.n = "instance"
print(a.n)
a.__dict__["d"] = "hidden"
print(a.d)
a.so = 4
print(a.so)
try:
    del a.so
except AttributeError as e:
    print("AttributeError:", e)


class P:
    def __init__(self):
        self._v = 1

    @property
    def v(self):
        "the value"
        return self._v

    @v.setter
    def v(self, value):
        self._v = value

    @v.deleter
    def v(self):
        print("deleted")

    @property
    def ro(self):
        return 3

    wo = property(None, lambda self, v: print("wo", v))


p = P()
print(p.v, P.v.__doc__, P.v.fget.__name__)
p.v = 6
print(p.v)
del p.v
p.wo = 1
for f in [lambda: setattr(p, "ro", 1), lambda: delattr(p, "ro"), lambda: p.wo]:
    try:
        f()
    except AttributeError as e:
        print("AttributeError:", e)
print(isinstance(P.v, property), P.v.__get__(p), P.v.__name__)
prop = property(lambda self: 1, doc="mydoc")
print(prop.__doc__, prop.fset, prop.fdel)


class SubProp(property):
    """sub"""


class UsesSub:
    @SubProp
    def x(self):
        """x doc"""
        return 9


print(UsesSub().x, UsesSub.x.__doc__)


class M:
    @classmethod
    def c(cls, x):
        return cls.__name__, x

    @staticmethod
    def s(x):
        return x

    @classmethod
    @property
    def old(cls):
        return 1

    def m(self):
        return self


class N(M):
    pass


print(M.c(1), N.c(2), N().c(3), M.s(4), M().s(5))
print(M.__dict__["c"].__func__.__name__, M.__dict__["s"].__wrapped__.__name__)
m = M()
print(m.m.__self__ is m, m.m.__func__ is M.m, m.m == m.m, m.m is m.m, M.m.__get__(m)() is m)
print(M.c.__self__, staticmethod(len)("abc"))
bound = M.m.__get__(m, M)
print(bound.__name__, bound.__qualname__, bound() is m)
print(type(len), type([].append), type(list.append), type(int.__add__), type((1).__add__), type(M.m), type(m.m),
      type(M.__dict__["c"]), type(type.__dict__["__name__"]), type(dict.fromkeys))
print(list.append, int.__add__, len, type.__dict__["__name__"])


class Hooks:
    def __getattr__(self, name):
        if name.startswith("dyn"):
            return name.upper()
        raise AttributeError(f"no {name}")

    def __setattr__(self, name, value):
        print("setattr", name, value)
        super().__setattr__(name, value)

    def __delattr__(self, name):
        print("delattr", name)
        object.__delattr__(self, name)


h = Hooks()
h.a = 1
print(h.a, h.dynamic)
del h.a
try:
    h.other
except AttributeError as e:
    print("AttributeError:", e)
print(getattr(h, "zzz", "default"), hasattr(h, "dynx"))


class All:
    def __getattribute__(self, name):
        if name == "secret":
            raise AttributeError("hidden")
        return super().__getattribute__(name)

    def __getattr__(self, name):
        return "fallback:" + name


w = All()
w.x = 3
print(w.x, w.secret, w.unknown)


class Raises:
    @property
    def p(self):
        raise AttributeError("inner")

    def __getattr__(self, name):
        return "got " + name


print(Raises().p)


class Bad:
    def __set_name__(self, owner, name):
        raise ValueError("bad name")


try:
    class Uses:
        attr = Bad()
except ValueError as e:
    print("ValueError:", e, e.__notes__)


class CallDesc:
    def __get__(self, obj, owner):
        return lambda *a: ("called", a)


class WithCall:
    __call__ = CallDesc()
    __len__ = CallDesc()


print(WithCall()(1, 2))
try:
    len(WithCall())
except TypeError as e:
    print("TypeError:", e)
