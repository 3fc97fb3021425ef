class CM:
    def __init__(self, name, swallow=False, fail_enter=False, fail_exit=False):
        self.name, self.swallow, self.fe, self.fx = name, swallow, fail_enter, fail_exit

    def __enter__(self):
        print("enter", self.name)
        if self.fe:
            raise RuntimeError("enter failed")
        return self.name

    def __exit__(self, t, v, tb):
        print("exit", self.name, t.__name__ if t else None, v, tb is not None)
        if self.fx:
            raise RuntimeError("exit failed")
        return self.swallow


with CM("a") as x:
    print("body", x)
with CM("a", swallow=True):
    raise ValueError("gone")
print("after")
try:
    with CM("a"), CM("b") as b:
        print(b)
        raise KeyError("k")
except KeyError as e:
    print("KeyError:", e)
try:
    with CM("a"), CM("b", fail_enter=True):
        print("no")
except RuntimeError as e:
    print("RuntimeError:", e)
try:
    with CM("a", fail_exit=True):
        raise ValueError("first")
except RuntimeError as e:
    print("RuntimeError:", e, repr(e.__context__))


def f():
    with CM("ret"):
        return 1


print(f())
for i in range(3):
    with CM(i, swallow=True):
        if i == 0:
            continue
        if i == 1:
            raise ValueError
        break
with (CM("p") as p, CM("q") as q):
    print(p, q)


class NoExit:
    def __enter__(self):
        pass


class NoEnter:
    def __exit__(self, *a):
        pass


class Nothing:
    pass


for c in (NoExit, NoEnter, Nothing):
    try:
        with c():
            pass
    except TypeError as e:
        print("TypeError:", e)


class Obj:
    pass


o = Obj()
with CM("target") as o.attr:
    pass
print(o.attr)
with CM("xy") as (a, b):
    print(a, b)


class Truthy:
    def __enter__(self):
        return self

    def __exit__(self, *args):
        return [1]


with Truthy():
    1 / 0
print("swallowed by a list")
o = CM("inst")
o.__enter__ = lambda: print("never")
with o:
    pass


def gen():
    with CM("gen"):
        yield 1
        yield 2


for v in gen():
    print(v)
g = gen()
next(g)
g.close()
