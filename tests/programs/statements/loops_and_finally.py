# break, continue, return and exceptions through loops, else clauses, with and finally.
class Quiet:
    def __enter__(self): return self
    def __exit__(self, *a): pass
def t(f, *a):
    try: print(f(*a))
    except BaseException as e: print(type(e).__name__ + ":", e, "|", repr(e.__context__))
def override():
    try: return "try"
    finally: return "finally"
def swallow():
    try: 1 / 0
    finally: return "swallowed"
def loop_break():
    for i in range(3):
        try: 1 / 0
        finally: break
    return i
def loop_continue():
    out = []
    for i in range(3):
        try: raise ValueError(i)
        finally:
            out.append(i)
            continue
    return out
def cont_return():
    for i in range(3):
        try: return i
        finally:
            if i < 2: continue
    else: return "else"
def nested():
    log = []
    try:
        try:
            try: raise KeyError("a")
            finally: log.append(1)
        except ValueError: log.append("no")
        else: log.append("else")
        finally: log.append(2)
    except KeyError as e: log.append(e.args)
    else: log.append("else2")
    finally: log.append(3)
    return log
def replace():
    try: raise KeyError("first")
    finally: raise ValueError("second")
def in_handler():
    try: raise KeyError("first")
    except KeyError: raise ValueError("second")
def in_else():
    try: pass
    except ValueError: pass
    else: raise ValueError("from else")
    finally: print("finally runs")
def value_kept():
    x = 1
    try: return x
    finally: x = 2
def list_kept():
    x = [1]
    try: return x
    finally: x.append(2)
def gen():
    try:
        yield 1
        yield 2
    finally:
        yield "cleanup"
def while_else(n):
    while n:
        n -= 1
        if n == 2: break
    else: return "exhausted"
    return "broken"
def for_else(l):
    for x in l:
        if x: break
    else: return "none"
    return x
def after_loop():
    for i in []: pass
    return i
def deep_return():
    for a in range(3):
        for b in range(3):
            with Quiet():
                try:
                    while True:
                        try: return a, b
                        finally: pass
                finally: pass
def finally_break():
    while True:
        try:
            try: return 1
            finally: break
        finally: print("outer")
    return 2
for f in (override, swallow, loop_break, loop_continue, cont_return, nested, replace, in_handler, in_else, value_kept, list_kept, deep_return, finally_break, after_loop): t(f)
print(list(gen()), while_else(5), while_else(1), while_else(0), for_else([0, 0]), for_else([0, 3]), for_else([]))
class CM:
    def __init__(self, n, swallow=False, fail=None): self.n, self.swallow, self.fail = n, swallow, fail
    def __enter__(self):
        print("enter", self.n)
        if self.fail == "enter": raise OSError("enter " + self.n)
        return self.n
    def __exit__(self, et, ev, tb):
        print("exit", self.n, et and et.__name__, ev, tb is not None)
        if self.fail == "exit": raise OSError("exit " + self.n)
        return self.swallow
def w1():
    with CM("a") as a, CM("b", True) as b: raise ValueError(a + b)
    return "after"
def w2():
    with CM("a"), CM("b", fail="exit"): raise ValueError("body")
def w3():
    with CM("a", True), CM("b", fail="enter"): print("never")
    return "swallowed"
def w4():
    for i in range(2):
        with CM(str(i)):
            if i == 0: continue
            return "returned"
def w5():
    with CM("a", fail="exit"): return 1
def w6():
    try:
        with CM("x", True): raise KeyError
    finally: print("fin")
    return "ok"
for f in (w1, w2, w3, w4, w5, w6): t(f)
class NoExit:
    def __enter__(self): pass
class NoEnter:
    def __exit__(self, *a): pass
def w7():
    with NoExit(): pass
def w8():
    with NoEnter(): pass
def w9():
    with 5 as x: pass
class InstanceOnly: pass
def w10():
    o = InstanceOnly(); o.__enter__ = lambda: 1; o.__exit__ = lambda *a: None
    with o: pass
class BadBool:
    def __enter__(self): return self
    def __exit__(self, *a): return self
    def __bool__(self): raise RuntimeError("bool of exit's result")
def w11():
    with BadBool(): raise KeyError("k")
def w12():
    with BadBool(): pass
    return "no exception, not asked"
for f in (w7, w8, w9, w10, w11, w12): t(f)
