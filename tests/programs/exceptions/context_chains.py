# __context__, __cause__, __suppress_context__ and the current exception, through handlers, generators and finally.
import sys
def chain(e):
    out = []
    while e is not None and len(out) < 10:
        out.append(f"{type(e).__name__}({e}){'!' if e.__suppress_context__ else ''}{'<-' + str(e.__cause__) if e.__cause__ is not None else ''}")
        e = e.__context__
    return " / ".join(out)
def t(f, *a):
    try: print("result", f(*a))
    except BaseException as e: print(chain(e))
    print("now", sys.exception())
def a():
    try: raise ValueError(1)
    except ValueError:
        try: raise KeyError(2)
        except KeyError: raise IndexError(3)
def b():
    try: raise ValueError(1)
    except ValueError as e: raise KeyError(2) from e
def c():
    try: raise ValueError(1)
    except ValueError: raise KeyError(2) from None
def d():
    try: raise ValueError(1)
    except ValueError as e: raise
def e():
    try: raise ValueError(1)
    except ValueError as e:
        try: raise e
        except ValueError as f: return f is e, f.__context__
def f():
    raise KeyError("x") from OSError
def g(): raise KeyError("x") from 5
def h(): raise 5
def i(): raise
def j():
    try: raise ValueError(1)
    except ValueError as e: saved = e
    try: raise KeyError(2)
    except KeyError as k:
        k.__context__ = saved
        raise saved
def k():
    x, y = ValueError("x"), KeyError("y")
    try: raise x
    except ValueError:
        try: raise y
        except KeyError: raise x
def l():
    def gen():
        try: yield sys.exception()
        finally: pass
        yield sys.exception()
        raise RuntimeError("gen")
    it = gen()
    first = next(it)
    try: raise ValueError("outside")
    except ValueError:
        print(first, next(it))
        next(it)
def m():
    def gen():
        try: yield 1
        except ValueError: yield sys.exception()
        yield sys.exception()
    it = gen(); next(it)
    print(repr(it.throw(ValueError("thrown"))), sys.exception())
    return next(it)
def n():
    try:
        try: raise ValueError(1)
        finally: print("in finally", repr(sys.exception()))
    except ValueError: print("in handler", repr(sys.exception()))
    return sys.exception()
def o():
    try: raise ValueError(1)
    except ValueError:
        def inner(): return sys.exception()
        return repr(inner())
def p():
    for i in range(2):
        try: raise ValueError(i)
        except ValueError: continue
    return sys.exception()
def q():
    class Bad(Exception):
        def __init__(self): raise TypeError("in init")
    try: raise ValueError("v")
    except ValueError: raise Bad
def r():
    class NotExc:
        pass
    raise NotExc
def s():
    try: raise ValueError("v")
    except (KeyError, 5): pass
def u():
    try: raise ValueError("v")
    except "str": pass
def v():
    try: raise ValueError("v")
    except: 
        try: undefined
        except NameError as e: return chain(e)
def w():
    class Meta(type):
        def __call__(cls, *a): return 5
    class E(Exception, metaclass=Meta): pass
    raise E
def x():
    e = ValueError(1)
    for attr, val in (("__cause__", 5), ("__context__", 5), ("__traceback__", 5), ("args", 5)):
        try: setattr(e, attr, val); print(attr, e.args if attr == "args" else "")
        except TypeError as t: print(t)
    e.__cause__ = KeyError("c"); print(e.__suppress_context__); e.__suppress_context__ = False; e.__cause__ = None; e.__context__ = None
    for attr in ("__cause__", "__context__", "__traceback__", "args", "__suppress_context__"):
        try: delattr(e, attr); print("deleted", attr)
        except (TypeError, AttributeError) as t: print(type(t).__name__, t)
    return e.__suppress_context__
def y():
    with_ctx = None
    class CM:
        def __enter__(self): pass
        def __exit__(self, et, ev, tb): raise KeyError("exit")
    with CM(): raise ValueError("body")
def z():
    try: raise ExceptionGroup("g", [ValueError(1)])
    except* ValueError as eg: raise KeyError("star")
for fn in (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, u, v, w, x, y, z): print("--", fn.__name__); t(fn)
class Sub(Exception):
    def __init__(self, a, b=2): super().__init__(a); self.b = b
    def __str__(self): return f"sub {self.args} {self.b}"
print(repr(Sub(1)), str(Sub(1, 3)), Sub(1) == Sub(1), Exception(1, 2).args, str(Exception()), str(Exception(1)), str(Exception(1, 2)), repr(Exception("a", [1])), repr(KeyError("k")), str(KeyError("k")), str(KeyError("a", "b")))
x = Exception("n"); x.add_note("one"); x.add_note("two"); print(x.__notes__); 
try: x.add_note(5)
except TypeError as e: print(e)
