class Meta(type):
    def __prepare__(name, bases, **kw):
        print("prepare", name, bases, kw)
        return {"injected": 1}
    __prepare__ = staticmethod(__prepare__)

    def __new__(mcls, name, bases, ns, **kw):
        print("new", name, [k for k in ns if not k.startswith("__")], kw)
        return super().__new__(mcls, name, bases, ns)

    def __init__(cls, name, bases, ns, **kw):
        print("init", name, kw)
        super().__init__(name, bases, ns)

    def __call__(cls, *args, **kw):
        print("call", cls.__name__, args, kw)
        return super().__call__(*args, **kw)

    def __getattr__(cls, name):
        return "meta:" + name

    def __len__(cls):
        return 42

    def __iter__(cls):
        return iter([1, 2])

    @property
    def prop(cls):
        return cls.__name__ + ".prop"

    def meta_method(cls):
        return cls

    def __contains__(cls, x):
        return x == 3

    def __getitem__(cls, k):
        return ("item", k)


class K(metaclass=Meta, flag=True):
    y = 2

    def __init__(self, v):
        self.v = v


print(K.injected, K.y, K.unknown, len(K), list(K), K.prop, K.meta_method() is K, 3 in K, K[5])
k = K(9)
print(k.v, type(K), type(k))
try:
    k.unknown
except AttributeError as e:
    print("AttributeError:", e)
try:
    k.meta_method
except AttributeError as e:
    print("AttributeError:", e)


class L(K):
    pass


print(type(L))
M1 = type("M1", (type,), {})
M2 = type("M2", (type,), {})
A = M1("A", (), {"x": 1})
B = M2("B", (), {})
try:
    class C(A, B):
        pass
except TypeError as e:
    print("TypeError:", e)
print(A.x, type(A), repr(A))
D = type("D", (K,), {"z": 3})
print(type(D), D.z, D.__module__)
for args in [(), (1, 2), ("a", 1, {}), ("a", (), 1), (1, (), {}), ("a", (1,), {}), ("a\0b", (), {})]:
    try:
        print(type(*args))
    except Exception as e:
        print(type(e).__name__ + ":", e)


def func_meta(name, bases, ns, **kw):
    print("func_meta", name, bases, kw)
    return type(name, bases, ns)


class F(metaclass=func_meta, opt=1):
    pass


print(F, type(F))


class NotMapping(type):
    @classmethod
    def __prepare__(cls, *args):
        return 3


try:
    class G(metaclass=NotMapping):
        pass
except TypeError as e:
    print("TypeError:", e)


class Ordered(type):
    def mro(cls):
        base = super().mro()
        print("mro", cls.__name__, [b.__name__ for b in base])
        return base


class H(metaclass=Ordered):
    pass


class I(H):
    pass


class Singleton(type):
    _instances = {}

    def __call__(cls, *args):
        if cls not in cls._instances:
            cls._instances[cls] = super().__call__(*args)
        return cls._instances[cls]


class Config(metaclass=Singleton):
    def __init__(self, v=0):
        self.v = v


print(Config(1) is Config(2), Config().v)


class InstanceCheck(type):
    def __instancecheck__(cls, obj):
        return obj == 5

    def __subclasscheck__(cls, sub):
        return sub is int


class Five(metaclass=InstanceCheck):
    pass


print(isinstance(5, Five), isinstance(6, Five), issubclass(int, Five), issubclass(str, Five), isinstance(5, (str, Five)))


class Entries:
    def __mro_entries__(self, bases):
        print("entries", len(bases))
        return (list,)


class J(Entries(), object):
    pass


print(J.__bases__, J.__orig_bases__[0].__class__.__name__)
try:
    type("T", (Entries(),), {})
except TypeError as e:
    print("TypeError:", e)


class NewReturnsOther:
    def __new__(cls):
        return 5

    def __init__(self):
        print("never")


print(NewReturnsOther())


class InitReturns:
    def __init__(self):
        return 3


try:
    InitReturns()
except TypeError as e:
    print("TypeError:", e)
