# Traceback and frame objects: lines, nesting, locals after the end, with_traceback, tb_next.
import sys
def lines(tb):
    out = []
    while tb is not None:
        out.append((tb.tb_frame.f_code.co_name, tb.tb_lineno))
        tb = tb.tb_next
    return out
def a(): b()
def b():
    x = "local of b"
    try: c()
    except KeyError: raise
def c(): raise KeyError("c")
try: a()
except KeyError as e:
    tb = e.__traceback__
    print(lines(tb)); last = tb
    while last.tb_next: last = last.tb_next
    print(last.tb_frame.f_back.f_locals.get("x"), last.tb_frame.f_lineno, last.tb_lasti > 0)
def again(e):
    try: raise e
    except KeyError as f: return f
first = KeyError("k"); print(lines(again(first).__traceback__)); print(lines(again(first).__traceback__)); print(lines(again(first.with_traceback(None)).__traceback__))
try: raise ValueError("x").with_traceback(tb)
except ValueError as e: print(lines(e.__traceback__))
t2 = tb.tb_next; tb.tb_next = None; print(lines(tb)); tb.tb_next = t2
for v in (5, tb):
    try: tb.tb_next = v
    except (TypeError, ValueError) as e: print(type(e).__name__, e)
def gen():
    try: yield sys._getframe()
    finally: pass
    raise IndexError("gen")
g = gen(); fr = next(g); print(fr.f_code.co_name, fr.f_lineno, fr is g.gi_frame, fr.f_back)
try: next(g)
except IndexError as e: print(lines(e.__traceback__), g.gi_frame)
def frames():
    f = sys._getframe(); names = []
    while f: names.append(f.f_code.co_name); f = f.f_back
    return names
print(frames(), (lambda: frames())(), [frames() for _ in [1]], sys._getframe().f_code.co_name)
def loc():
    v = 1
    f = sys._getframe()
    f.f_locals["v"] = 2
    f.f_locals["extra"] = 3
    return v, sorted(f.f_locals), "extra" in locals()
print(loc())
def handler_finally():
    try:
        try: raise ValueError("1")
        finally:
            x = 5
    except ValueError as e: return lines(e.__traceback__)
print(handler_finally())
def with_reraise():
    class CM:
        def __enter__(self): pass
        def __exit__(self, *a): return False
    try:
        with CM():
            raise ValueError("in with")
    except ValueError as e: return lines(e.__traceback__)
print(with_reraise())
def loop_reraise():
    for i in range(2):
        try:
            try: 1 / 0
            except ZeroDivisionError as e: saved = e; raise
        except ZeroDivisionError as e: out = lines(e.__traceback__)
    return out
print(loop_reraise())
def bare_in_callee():
    def inner():
        raise
    try:
        try: 1 / 0
        except ZeroDivisionError: inner()
    except ZeroDivisionError as e: return lines(e.__traceback__)
print(bare_in_callee())
def sortkey():
    try: sorted([1, 2], key=lambda x: x / 0)
    except ZeroDivisionError as e: return lines(e.__traceback__)
print(sortkey())
class P:
    @property
    def p(self): return 1 / 0
    def __add__(self, o): return self.p
    def __iter__(self): yield self + 1
try: list(P())
except ZeroDivisionError as e: print(lines(e.__traceback__))
class Init:
    def __init__(self): self.x = [][0]
try: Init()
except IndexError as e: print(lines(e.__traceback__))
def mod():
    import types
    code = compile("def f():\n  return 1/0\n\nf()", "<mod>", "exec")
    try: exec(code, {})
    except ZeroDivisionError as e: return lines(e.__traceback__)
print(mod())
