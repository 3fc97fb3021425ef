# Free variables, cells filled late or emptied, global and nonlocal, class bodies between functions.
def t(f, *a):
    try: print(f(*a))
    except Exception as e: print(type(e).__name__ + ":", e)
def counter():
    n = 0
    def up():
        nonlocal n
        n += 1
        return n
    def reset():
        nonlocal n
        n = 0
    return up, reset
up, reset = counter(); print(up(), up(), reset(), up())
def late():
    def f(): return x
    try: f()
    except NameError as e: print(type(e).__name__, e)
    x = 1
    print(f())
    del x
    try: f()
    except NameError as e: print(type(e).__name__, e)
    try: print(x)
    except UnboundLocalError as e: print(type(e).__name__, e)
    x = 2
    print(f())
late()
def local_unbound():
    print(y)
    y = 1
t(local_unbound)
def deleted():
    z = 1
    del z
    return z
t(deleted)
def deltwice():
    z = 1
    del z
    del z
t(deltwice)
def handler_name():
    try: 1 / 0
    except ZeroDivisionError as err: pass
    return err
t(handler_name)
def handler_cell():
    def g(): return err
    try: 1 / 0
    except ZeroDivisionError as err: print(g())
    return g()
t(handler_cell)
g1 = "global"
def shadow():
    g1 = "local"
    class C:
        print(g1)
        g1 = "class"
        print(g1)
        def m(self): return g1
        l = [g1 for _ in range(1)]
        n = (lambda: g1)()
    return C().m(), C.l, C.n, C.g1
print(shadow())
def class_free():
    x = "outer"
    class A:
        y = x
        x = "A"
        z = x
        class B:
            w = x
    return A.y, A.z, A.B.w
t(class_free)
def class_del():
    x = "outer"
    class A:
        x = "A"
        del x
        y = x
    return A.y
t(class_del)
class G:
    global made_global
    made_global = 5
    def set(self):
        global made_global
        made_global += 1
print(made_global, "made_global" in vars(G)); G().set(); print(made_global)
def nl():
    x = 1
    class C:
        nonlocal x
        x = 2
    return x, "x" in vars(C)
print(nl())
def three():
    a = 1
    def two():
        def one():
            nonlocal a
            a = a * 10
            return a
        return one
    f = two(); f(); f()
    return a
print(three())
fs = []
for i in range(3):
    def f(j=i): return i, j
    fs.append(f)
print([f() for f in fs])
def params(a, b=lambda: a if False else 3): return b()
print(params(1))
def cellparam(a):
    def g(): return a
    a = a + 1
    return g()
print(cellparam(1))
def star(*a, **k):
    def g(): return a, k
    return g()
print(star(1, 2, z=3))
f = cellparam.__code__; print(f.co_cellvars, f.co_freevars, three.__code__.co_cellvars)
def cells():
    x = 1; y = 2
    def g(): return x, y
    return g
c = cells(); print([cell.cell_contents for cell in c.__closure__], c.__code__.co_freevars); c.__closure__[0].cell_contents = 9; print(c()); del c.__closure__[1].cell_contents; t(c); t(lambda: c.__closure__[1].cell_contents)
def gen():
    x = 0
    def inc():
        nonlocal x
        x += 1
    while x < 3:
        inc()
        yield x
print(list(gen()))
def comp():
    x = 5
    a = [x for x in range(3)]
    b = [x + y for y in range(2)]
    c = [(lambda: x * k)() for k in range(2)]
    return x, a, b, c
print(comp())
def loc():
    a = 1
    def g(): return b
    b = 2
    return sorted(locals())
print(loc())
def exec_no_effect():
    x = 1
    exec("x = 2")
    return x
print(exec_no_effect())
ns = {}; exec("def f():\n  global q\n  q = 5\nf()", ns); print(ns["q"])
t(eval, "undefined_name"); print(eval("x + 1", {"x": 1}), eval("x + y", {"x": 1}, {"y": 2}))
