# Scopes of comprehensions: inlined ones keep outer names, class bodies are not seen, walrus binds outside.
def t(f, *a):
    try: print(f(*a))
    except Exception as e: print(type(e).__name__ + ":", e)
x = "outer"
print([x for x in range(3)], x, {x for x in "a"}, {x: x for x in "b"}, x, list(x for x in "c"), x)
class C:
    n = 3
    a = [i for i in range(n)]
    try: b = [n for i in range(2)]
    except NameError as e: print("NameError:", e)
    try: c = [i for i in range(2) if n]
    except NameError as e: print("NameError:", e)
    d = list(i for i in range(n))
    lst = [lambda: n for _ in range(1)]
t(C.lst[0]); print(C.a, C.d, [k for k in vars(C) if not k.startswith("_")])
def f():
    try: return [y for _ in range(1)]
    except NameError as e: print(type(e).__name__, e)
    y = 1
f()
def g():
    fs = [lambda: i for i in range(3)]
    return [h() for h in fs], [h() for h in [lambda i=i: i for i in range(3)]]
print(g())
def w():
    r = [(last := i * 2) for i in range(4)]
    return r, last
print(w())
def w2():
    if any((found := v) > 2 for v in [1, 2, 3, 4]): return found
print(w2())
[top := i for i in range(3)]; print(top)
def nested(m): return [[c * r for c in range(3)] for r in m], [c for r in m for c in range(r)], [(a, b) for a in range(3) for b in range(a) if a != b]
print(nested([1, 2]))
def rebind():
    i = "kept"
    s = [i for i in [1, 2]]
    try:
        [1 / i for i in [1, 0]]
    except ZeroDivisionError: pass
    return i, s
print(rebind())
def unbound():
    [z for z in [1]]
    return z
t(unbound)
def unbound2():
    del_me = 1
    [del_me for del_me in [2]]
    del del_me
    [del_me for del_me in [3]]
    return del_me
t(unbound2)
print([i for i in [j for j in range(3)] if i], [*(a for a in "xy"), *[b for b in "z"]], {**{k: 1 for k in "ab"}})
it = (print("body", i) or i for i in (print("source") or [1, 2])); print("made"); print(next(it)); print(list(it))
t(lambda: list(i for i in 5)); 
try: (i for i in 5)
except TypeError as e: print("at once:", e)
def locals_in():
    a = 1
    return [sorted(k for k in locals()) for b in [1]], [sorted(locals()) for b in [1]]
print(locals_in()[1])
def deep(): return [[[[(a, b, c, d) for a in [1]] for b in [2]] for c in [3]] for d in [4]]
print(deep())
def cellconf():
    x = 1
    fs = [lambda: (x, y) for y in range(2)]
    x = 2
    return [f() for f in fs]
print(cellconf())
def early():
    r = [i for i in range(10) if i % 2 if i > 3]
    return r, [i if i % 2 else -i for i in range(4)]
print(early())
def gen():
    got = [(yield_ := 1) for _ in range(1)]
    return got
print(gen())
def exc_state():
    try: raise ValueError("v")
    except ValueError:
        return [str(__import__("sys").exception()) for _ in [1]]
print(exc_state())
def many(): return {k: v for k, v in zip("abc", [1, 2, 3]) if v != 2}, {v for v in "hello" if v > "h"} == {"l", "o"}, [(k, v) for k, (v, *_) in {"a": [1, 2], "b": [3]}.items()]
print(many())
def shadow_builtin():
    r = [len for len in [1, 2]]
    return r, len("abc")
t(shadow_builtin)
