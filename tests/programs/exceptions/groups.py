def show(f):
    try:
        print(f())
    except BaseException as e:
        print(type(e).__name__ + ":", e)


eg = ExceptionGroup("group", [ValueError(1), TypeError("t"), ExceptionGroup("inner", [ValueError(2), OSError(3)])])
print(eg, repr(eg), eg.message, len(eg.exceptions))
print(eg.subgroup(ValueError))
print(repr(eg.subgroup(ValueError)), repr(eg.split(ValueError)))
print(repr(eg.subgroup(lambda e: isinstance(e, OSError))), eg.subgroup(KeyError), eg.split(KeyError)[0])
print(type(BaseExceptionGroup("b", [ValueError()])), type(BaseExceptionGroup("b", [KeyboardInterrupt()])))
show(lambda: ExceptionGroup("x", [KeyboardInterrupt()]))
show(lambda: ExceptionGroup("x", []))
show(lambda: ExceptionGroup("x", 3))
show(lambda: ExceptionGroup("x", [1]))
show(lambda: ExceptionGroup(1, [ValueError()]))
show(lambda: ExceptionGroup("x"))
show(lambda: eg.split(3))
try:
    raise eg
except* ValueError as g:
    print("values", repr(g))
except* TypeError as g:
    print("types", repr(g))
except* OSError as g:
    print("os", repr(g))
try:
    try:
        raise eg
    except* ValueError:
        pass
except ExceptionGroup as rest:
    print("rest", repr(rest))
try:
    raise ValueError("naked")
except* ValueError as g:
    print(repr(g))
try:
    try:
        raise ExceptionGroup("e", [ValueError(1), TypeError(2)])
    except* ValueError as g:
        raise KeyError("new")
except ExceptionGroup as out:
    print(repr(out), [repr(x) for x in out.exceptions])
try:
    try:
        raise ExceptionGroup("e", [ValueError(1)])
    except* ValueError as g:
        raise
except ExceptionGroup as out:
    print("reraised", repr(out))
try:
    try:
        raise ValueError(1)
    except* TypeError:
        print("no")
except ValueError as e:
    print("untouched", repr(e))


def run():
    try:
        raise ExceptionGroup("x", [ExceptionGroup("y", [ValueError(1)]), KeyError(2)])
    except* (ValueError, KeyError) as g:
        print("both", repr(g))
    else:
        print("else")
    finally:
        print("finally")
    try:
        pass
    except* ValueError:
        print("no")
    else:
        print("else")


run()
for cls in ("ExceptionGroup", "3", "(ValueError, ExceptionGroup)"):
    try:
        exec(f"try:\n    raise ValueError(1)\nexcept* {cls}:\n    pass")
    except TypeError as e:
        print("TypeError:", e)


class MyGroup(ExceptionGroup):
    def derive(self, excs):
        return MyGroup(self.message, excs)


mg = MyGroup("m", [ValueError(1), TypeError(2)])
mg.add_note("a note")
m, r = mg.split(ValueError)
print(type(m).__name__, type(r).__name__, m.__notes__)
