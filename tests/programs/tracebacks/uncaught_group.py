# status: 1
# stderr
# The tree of an exception group.
def part(i):
    try:
        raise ValueError(f"part {i}")
    except ValueError as e:
        if i == 1:
            e.add_note("noted")
        return e
def inner():
    try:
        raise ExceptionGroup("inner", [part(2), KeyError("k")])
    except ExceptionGroup as e:
        return e
try:
    raise OSError("first")
except OSError:
    g = ExceptionGroup("outer", [part(0), part(1), inner(), TypeError("plain")])
    g.add_note("group note")
    raise g
