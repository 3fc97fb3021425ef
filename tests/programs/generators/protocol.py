def g():
    try:
        x = yield 1
        print("got", x)
        y = yield 2
        print("got", y)
    except ValueError as e:
        print("caught", e)
        yield "after"
    finally:
        print("finally")
    return "result"


def show(f):
    try:
        print("->", f())
    except BaseException as e:
        print(type(e).__name__ + ":", e, getattr(e, "value", None))


it = g()
show(lambda: next(it))
show(lambda: it.send("a"))
show(lambda: it.throw(ValueError("v")))
show(lambda: next(it))
show(lambda: next(it))
it = g()
show(lambda: it.send(5))
show(it.close)
show(lambda: next(it))
it = g()
next(it)
show(it.close)
show(it.close)


def ignores():
    try:
        yield 1
    except GeneratorExit:
        yield 2


it = ignores()
next(it)
show(it.close)


def stops():
    yield 1
    raise StopIteration("inner")


it = stops()
next(it)
show(lambda: next(it))


def delegate():
    r = yield from g()
    print("r", r)
    r = yield from [10, 20]
    print("r", r)
    return "done"


d = delegate()
show(lambda: next(d))
show(lambda: d.send("s1"))
show(lambda: d.throw(ValueError("thrown")))
show(lambda: next(d))
show(lambda: next(d))
show(lambda: next(d))
print(list(i * i for i in range(5) if i % 2), sum(x for x in (1, 2, 3)))


def running():
    try:
        me.send(None)
    except ValueError as e:
        print("ValueError:", e)
    yield 1


me = running()
next(me)
print(me.gi_code.co_name, me.__name__, me.__qualname__, me.gi_running, me.gi_frame is not None)
print(list(me), me.gi_frame)


def fib():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b


f = fib()
print([next(f) for _ in range(10)])


def closing():
    try:
        yield 1
    finally:
        print("closed")


c = closing()
next(c)
c.close()


def ret():
    return 3
    yield


show(lambda: next(ret()))


class It:
    def __init__(self):
        self.n = 0

    def __iter__(self):
        return self

    def __next__(self):
        self.n += 1
        if self.n > 3:
            raise StopIteration("end")
        return self.n

    def throw(self, *a):
        print("It.throw", a[0])
        return "thrown"

    def close(self):
        print("It.close")


def deleg():
    r = yield from It()
    print("r =", r)


d = deleg()
print(list(d))
d = deleg()
next(d)
show(lambda: d.throw(KeyError("k")))
d.close()
it = g()
show(lambda: it.throw(3))
show(lambda: it.throw(KeyError("start")))
print(type(it).__name__, iter(it) is it, repr(it)[:24])


def tree(n):
    if n:
        yield from tree(n - 1)
        yield n
        yield from tree(n - 1)


print(list(tree(4)))


def deep(n):
    if n == 0:
        yield 1
    else:
        yield from deep(n - 1)


print(list(deep(200)))
gen = (x for x in [1, 2])
print(next(gen), next(gen), next(gen, "default"))


def context():
    try:
        raise KeyError("outer")
    except KeyError:
        yield 1
        import sys
        print(sys.exc_info()[0])
        yield 2


cg = context()
next(cg)
try:
    raise ValueError("caller")
except ValueError:
    next(cg)
    import sys
    print(sys.exc_info()[0])
