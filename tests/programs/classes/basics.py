class Empty:
    pass


class Point:
    """A point."""
    dimension = 2

    def __init__(self, x, y=0):
        self.x = x
        self.y = y

    def __repr__(self):
        return f"Point({self.x}, {self.y})"

    def __eq__(self, other):
        if not isinstance(other, Point):
            return NotImplemented
        return (self.x, self.y) == (other.x, other.y)

    def moved(self, dx, dy):
        return type(self)(self.x + dx, self.y + dy)


p = Point(1, 2)
print(p, p.moved(3, 4), Point.moved(p, 1, 1))
print(p == Point(1, 2), p != Point(1, 2), p == 3, p != 3)
print(Point.__name__, Point.__qualname__, Point.__module__, Point.__doc__)
print(Point.__bases__, Point.__mro__, Point.__base__)
print(Point.dimension, p.dimension)
p.dimension = 3
print(Point.dimension, p.dimension, p.__dict__)
del p.dimension
print(p.dimension, vars(p))
print(Point.__hash__)
try:
    hash(p)
except TypeError as e:
    print("TypeError:", e)
print(Empty.__doc__, Empty().__class__ is Empty, type(Empty()) is Empty)
for call in [lambda: Empty(1), lambda: Empty(a=1), lambda: Point(), lambda: Point(1, 2, 3), lambda: Point(1, z=3),
             lambda: p.missing, lambda: Point.missing, lambda: object().x, lambda: object(3), lambda: object.__new__(3),
             lambda: object.__init__(p, 3), lambda: Empty.__new__(Empty, 3), lambda: object.__new__(int)]:
    try:
        print(call())
    except Exception as e:
        print(type(e).__name__ + ":", e)
try:
    del p.nothing
except AttributeError as e:
    print("AttributeError:", e, e.name, e.obj is p)


class Outer:
    class Inner:
        def method(self):
            return self.__class__.__qualname__

    def make(self):
        class Local:
            pass
        return Local


print(Outer.Inner().method(), Outer().make().__qualname__, Outer.Inner.method.__qualname__)
print(sorted(n for n in dir(Outer) if not n.startswith("__")))
print([n for n in vars(Point) if n not in ("__weakref__", "__static_attributes__", "__firstlineno__")])
print(Point.__static_attributes__ if hasattr(Point, "__static_attributes__") else None)


class Counter:
    count = 0

    def __init__(self):
        Counter.count += 1
        self.n = Counter.count

    def __call__(self, *args, **kwargs):
        return (self.n, args, kwargs)


a, b = Counter(), Counter()
print(a(1, 2, k=3), b(), Counter.count, callable(a), callable(p))
Counter.__call__ = lambda self: "patched"
print(a())
Counter.extra = property(lambda self: self.n * 10)
print(b.extra)
del Counter.extra
print(hasattr(b, "extra"))
setattr(Counter, "x y", 5)
print(getattr(a, "x y"))
x = Point(5)
x.__class__ = Empty
print(type(x).__name__, x.x)
try:
    x.__class__ = int
except TypeError as e:
    print("TypeError:", e)
try:
    int.foo = 3
except TypeError as e:
    print("TypeError:", e)
print(isinstance(True, int), issubclass(bool, int), issubclass(bool, (str, int)))
for args in [(3, 4), (int, 3)]:
    try:
        isinstance(*args) if args[0] == 3 else issubclass(*args)
    except TypeError as e:
        print("TypeError:", e)
