"""Hooks, descriptors and values that a class gets after its attributes were used, often and once."""


class Plain:
    shared = "class"

    def __init__(self):
        self.x = 1

    def method(self):
        return "method"


def read(obj):
    return obj.x


def write(obj, value):
    obj.x = value


def call(obj):
    return obj.method()


def store_new(cls):
    obj = cls.__new__(cls)
    obj.x = 5
    return obj.__dict__


for times in (1, 2000):

    class Child(Plain):
        pass

    for _ in range(times):
        child = Child()
        read(child), write(child, 2), call(child), store_new(Child), child.shared
    Plain.__getattribute__ = lambda self, name: "hook " + name if name == "x" else object.__getattribute__(self, name)
    print(read(child), call(child), child.shared)
    del Plain.__getattribute__
    print(read(child))
    seen = []
    Plain.__setattr__ = lambda self, name, value: seen.append((name, value))
    write(child, 3)
    print(store_new(Child), Child().__dict__, read(child), seen)
    del Plain.__setattr__
    write(child, 4)
    print(read(child))
    Plain.__getattr__ = lambda self, name: "missing " + name
    print(child.nothing, read(child))
    del Plain.__getattr__
    Plain.method = lambda self: "other"
    print(call(child))
    Child.x = property(lambda self: "property", lambda self, value: print("set", value))
    print(read(child))
    write(child, 9)
    del Child.x
    print(read(child))
    Plain.method = lambda self: "method"

    class Late:
        pass

    class Holder:
        d = Late()

        def __init__(self):
            self.d = 1

    def read_d(obj):
        return obj.d

    def write_d(obj, value):
        obj.d = value

    for _ in range(times):
        holder = Holder()
        read_d(holder), write_d(holder, 2)
    Late.__get__ = lambda self, obj, owner: "got"
    print(read_d(holder))
    Late.__set__ = lambda self, obj, value: print("set by descriptor", value)
    print(read_d(holder))
    write_d(holder, 3)
    print(holder.__dict__)


class Own(property):
    def __get__(self, obj, owner=None):
        return "own get"

    def __set__(self, obj, value):
        print("own set", value)

    def __delete__(self, obj):
        print("own delete")


class Kept(property):
    """Nothing of its own."""


class User:
    own = Own(lambda self: "plain", lambda self, value: print("plain set"))
    kept = Kept(lambda self: "kept", lambda self, value: print("kept set", value))


user = User()
for _ in range(3):
    print(user.own, User.own, user.kept, type(User.kept).__name__)
    user.own = 1
    user.kept = 2
    del user.own
try:
    del user.kept
except AttributeError as error:
    print(error)
