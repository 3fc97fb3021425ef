# send, throw, close, return values, re-entry, yield from delegation in all directions.
import sys
def t(f, *a):
    try: print(f(*a))
    except BaseException as e: print(type(e).__name__ + ":", e, "|", repr(e.__cause__), repr(e.__context__))
def g():
    r = yield 1
    print("got", r)
    try: r = yield 2
    except ValueError as e: print("caught", e); r = yield "recovered"
    finally: print("finally")
    return ("result", r)
def end(it, *a):
    try: return it(*a)
    except StopIteration as e: return "stop", e.value
i = g(); t(i.send, 5); t(next, i); t(i.send, "a"); t(i.throw, ValueError("x")); t(lambda: end(i.send, "last")); t(next, i); t(i.send, 1); t(i.throw, KeyError("late")); t(i.close)
i = g(); next(i); i.close(); t(next, i)
i = g(); t(i.throw, ValueError("before start")); t(next, i)
i = g(); next(i); next(i); t(i.throw, KeyError("through"))
i = g(); next(i); next(i); t(i.close)
def ignores():
    try: yield 1
    except GeneratorExit: yield 2
i = ignores(); next(i); t(i.close)
def returns_on_close():
    try: yield 1
    except GeneratorExit: return "closed value"
i = returns_on_close(); next(i); print(i.close())
def raises_on_close():
    try: yield 1
    finally: raise OSError("in close")
i = raises_on_close(); next(i); t(i.close)
def reenter(): yield next(me)
me = reenter(); t(next, me); t(next, me)
def reenter2(): me2.close(); yield
me2 = reenter2(); t(next, me2)
def stop_inside(): yield 1; raise StopIteration("leaked")
i = stop_inside(); next(i); t(next, i)
def stop_next(): yield next(iter([]))
t(next, stop_next())
def inner():
    try:
        x = yield "i1"
        print("inner got", x)
        x = yield "i2"
        return "inner result", x
    except ValueError as e: print("inner caught", e); return "from handler"
    finally: print("inner finally")
def outer():
    r = yield from inner()
    print("outer got", r)
    yield "after"
    return "outer done"
i = outer(); print(next(i), i.send("s1"), i.send("s2"), end(next, i))
i = outer(); print(next(i), i.throw(ValueError("v")), end(next, i))
i = outer(); next(i); t(i.throw, KeyError("k"))
i = outer(); next(i); print(i.gi_yieldfrom.__name__, i.gi_running, i.gi_frame is not None); i.close(); print(i.gi_frame, i.gi_yieldfrom)
class It:
    def __init__(self): self.n = 0
    def __iter__(self): return self
    def __next__(self):
        self.n += 1
        if self.n > 2: raise StopIteration("it value")
        return self.n
def deleg(x): r = yield from x; return r
i = deleg(It()); print(next(i)); t(i.send, "no send"); i = deleg(It()); next(i); print(i.send(None)); print(end(next, i)); i = deleg(It()); next(i); t(i.throw, ValueError("no throw")); t(next, i)
class WithThrow(It):
    def throw(self, *a): print("throw", type(a[0]).__name__); return "thrown value"
    def close(self): print("close called")
    def send(self, v): print("send", v); return "sent"
i = deleg(WithThrow()); next(i); print(i.throw(ValueError("w")), i.send(3)); i.close()
class BadClose(It):
    def close(self): raise RuntimeError("bad close")
i = deleg(BadClose()); next(i); t(i.close)
t(lambda: list(deleg(5))); print(list(deleg("ab")), list(deleg({1: 2})), end(next, deleg([])))
i = g(); next(i)
for a in ((), (5,), (ValueError,), (ValueError, "v"), (ValueError, ValueError("w")), (ValueError("x"), "extra"), (int,), (ValueError, "v", 5), (KeyError, None, None)):
    j = g(); next(j); 
    import warnings; warnings.simplefilter("ignore") if not a else None
    t(j.throw, *a)
print(i.gi_code.co_name, i.__name__, i.__qualname__, repr(i).split(" at ")[0]); i.__name__ = "renamed"; print(i.__name__); t(setattr, i, "__name__", 5); t(setattr, i, "gi_running", 1)
def deep(n):
    if n: yield from deep(n - 1)
    yield n
print(sum(deep(200)))
def exc_in_gen():
    try: raise ValueError("inside")
    except ValueError:
        yield sys.exception()
        yield sys.exception()
i = exc_in_gen(); print(repr(next(i)), sys.exception())
try: raise KeyError("outside")
except KeyError: print(repr(next(i)), repr(sys.exception()))
gen = (x for x in [1, 2, 3]); print(next(gen), list(gen), list(gen)); t(gen.send, 5); print(gen.close(), (x for x in []).close())
def sub():
    yield 1
    return 2
def chain2():
    a = yield from sub()
    b = yield from sub()
    return a + b
i = chain2(); print(list(i)); i = chain2(); r = []
while True:
    try: r.append(next(i))
    except StopIteration as e: r.append(e.value); break
print(r)
def lambda_gen(): return list((lambda: (yield))())
print(lambda_gen())
