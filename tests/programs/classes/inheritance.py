class A:
    def who(self):
        return "A"

    def chain(self):
        return ["A"]


class B(A):
    def chain(self):
        return ["B"] + super().chain()


class C(A):
    def chain(self):
        return ["C"] + super().chain()


class D(B, C):
    def chain(self):
        return ["D"] + super().chain()


print(D().chain(), [c.__name__ for c in D.__mro__], D.mro() == list(D.__mro__))
print(D().who(), B.__subclasses__(), A.__subclasses__())
try:
    class X(A, B):
        pass
except TypeError as e:
    print("TypeError:", e)
try:
    class X(int, str):
        pass
except TypeError as e:
    print("TypeError:", e)
try:
    class X(bool):
        pass
except TypeError as e:
    print("TypeError:", e)
try:
    class X(3):
        pass
except TypeError as e:
    print("TypeError:", e)
try:
    class X(A, A):
        pass
except TypeError as e:
    print("TypeError:", e)
try:
    class X(type(None)):
        pass
except TypeError as e:
    print("TypeError:", e)


class Base:
    def __init_subclass__(cls, /, tag=None, **kw):
        super().__init_subclass__(**kw)
        cls.tag = tag
        print("init_subclass", cls.__name__, tag, kw)


class Sub(Base, tag="t"):
    pass


class SubSub(Sub):
    pass


print(Sub.tag, SubSub.tag)
try:
    class Bad(Base, other=1):
        pass
except TypeError as e:
    print("TypeError:", e)
try:
    class Bad(A, other=1):
        pass
except TypeError as e:
    print("TypeError:", e)


class MyInt(int):
    def __add__(self, other):
        return MyInt(int(self) + int(other) + 1)

    def __repr__(self):
        return f"MyInt({int(self)})"


print(MyInt(3) + 4, MyInt(3) * 2, 4 + MyInt(3), MyInt("12"), type(MyInt(3) * 2))
m = MyInt(3)
m.attr = "x"
print(m.attr, m.__dict__, m == 3, hash(m) == hash(3), {3: "a"}[m])


class MyList(list):
    def append(self, x):
        super().append(x * 2)


ml = MyList([1, 2])
ml.append(3)
ml.tag = 1
print(ml, len(ml), ml.__dict__, isinstance(ml, list), ml == [1, 2, 6], MyList() == [])


class MyDict(dict):
    def __missing__(self, key):
        return key * 2


md = MyDict(a=1)
print(md["a"], md["zz"], md, md.get("q"))


class MyStr(str):
    def __new__(cls, s, extra):
        self = super().__new__(cls, s)
        self.extra = extra
        return self


ms = MyStr("abc", 5)
print(ms, ms.extra, ms.upper(), type(ms.upper()), ms == "abc", hash(ms) == hash("abc"))


class MyTuple(tuple):
    def __new__(cls, *args):
        return super().__new__(cls, args)

    def total(self):
        return sum(self)


mt = MyTuple(1, 2, 3)
print(mt, mt.total(), mt[1:], type(mt[1:]), len(mt), mt == (1, 2, 3))


class MyFloat(float):
    __slots__ = ("unit",)


mf = MyFloat(2.5)
mf.unit = "m"
print(mf, mf.unit, mf * 2)
try:
    mf.other = 3
except AttributeError as e:
    print("AttributeError:", e)


class E(Exception):
    def __init__(self, a, b):
        super().__init__(a)
        self.b = b


e = E(1, 2)
print(e, repr(e), e.args, e.b)
print(super(D, D()).chain(), super(B, D()).chain())
print(super(D, D).chain(D()))
for f in [lambda: super(), lambda: super(A, 3), lambda: super(3, 4), lambda: super(B, A()), lambda: super(A).x]:
    try:
        print(f())
    except Exception as ex:
        print(type(ex).__name__ + ":", ex)
s = super(B, D())
print(s.__thisclass__, s.__self_class__, s.who())
try:
    s.nothing
except AttributeError as ex:
    print("AttributeError:", ex)


class Meth:
    def f(self):
        return __class__


print(Meth().f())
