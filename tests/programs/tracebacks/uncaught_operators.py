# status: 1
# stderr
# Carets under the operator, the subscript, the call; wide characters and tabs count as CPython counts them.
def binary(a, b):
    return a + b * "é" / b
def sub(d):
    return (d["a"])["b"][0]
def call(f):
	return f (1, 2) (3)
def attr(x):
    äö = "日本語"; return x.y.z
def compare(a):
    return 1 < 2 < a
def unpack(a):
    b, c = a
def imp():
    import nothing_like_this
def name():
    return nothing_like_it + 1
undefined_name = 1
def asserting(x):
    assert x, "message"
def star(x):
    print(*x)
def deletes(x):
    del x[0].y
def withs(x):
    with x as y: pass
def loops(x):
    for i in x: pass
def lam(x):
    return (lambda: x + "")()
def comp(x):
    return [i / 0 for i in x]
def fstr(x):
    return f"{x!r} and {x.nope}"
def multi(x):
    return (x
            + 1
            + "s")
def kw(x):
    return dict(a=1)[
        x
    ]
import sys
steps = [(binary, 1, 2), (sub, {"a": {"b": ()}}), (call, lambda *a: 5), (attr, 1), (compare, "x"), (unpack, 5), (imp,), (name,), (asserting, 0), (star, 5), (deletes, [1]), (withs, 5), (loops, 5), (lam, 1), (comp, [1]), (fstr, 1), (multi, 1), (kw, "b")]
errors = []
for step in steps:
    try:
        step[0](*step[1:])
    except Exception as e:
        errors.append(e)
raise ExceptionGroup("all", errors)
