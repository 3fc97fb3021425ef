# except*: splitting, nesting, raising inside, naked exceptions, and the classes' methods.
def t(f, *a):
    try: print("->", f(*a))
    except BaseException as e: print("raised", show(e))
def show(e, depth=0):
    if isinstance(e, BaseExceptionGroup): return f"{type(e).__name__}({e.message!r}, [{', '.join(show(x) for x in e.exceptions)}])"
    return repr(e)
def star(exc):
    log = []
    try: raise exc
    except* ValueError as eg: log.append(("V", show(eg), type(eg).__name__))
    except* (KeyError, TypeError) as eg: log.append(("KT", show(eg)))
    else: log.append("else")
    finally: log.append("fin"); print(log)
    return "done"
V, K, T, O = ValueError("v"), KeyError("k"), TypeError("t"), OSError("o")
t(star, V); t(star, O); t(star, ExceptionGroup("g", [V, K])); t(star, ExceptionGroup("g", [V, O])); t(star, ExceptionGroup("g", [ExceptionGroup("in", [V, ExceptionGroup("deep", [T, O])]), K]))
t(star, BaseExceptionGroup("b", [V, KeyboardInterrupt()]))
def nothing():
    try: pass
    except* ValueError: print("no")
    else: print("else")
t(nothing)
def raising():
    try: raise ExceptionGroup("g", [ValueError(1), TypeError(2)])
    except* ValueError: raise OSError("new")
    except* TypeError as e: raise
t(raising)
def reraise():
    try: raise ExceptionGroup("g", [ValueError(1), TypeError(2), ValueError(3)])
    except* ValueError: raise
t(reraise)
def both():
    try: raise ExceptionGroup("g", [ValueError(1), TypeError(2)])
    except* ValueError: raise
    except* TypeError: raise
t(both)
def naked():
    try: raise ValueError("n")
    except* ValueError as e: print(show(e)); raise
t(naked)
def naked2():
    try: raise ValueError("n")
    except* TypeError: pass
t(naked2)
def new_in():
    try:
        try: raise ExceptionGroup("g", [ValueError(1)])
        except* ValueError: raise KeyError("in")
    except* KeyError as e: print(show(e), repr(e.exceptions[0].__context__))
t(new_in)
def bad_type():
    try: raise ValueError(1)
    except* ExceptionGroup: pass
t(bad_type)
def bad_type2():
    try: raise ValueError(1)
    except* 5: pass
t(bad_type2)
def loop():
    for i in range(3):
        try: raise ExceptionGroup("g", [ValueError(i)])
        except* ValueError as e: x = e.exceptions[0].args[0]
    return x
t(loop)
eg = ExceptionGroup("top", [V, ExceptionGroup("n", [K, ExceptionGroup("m", [T])]), O])
m, r = eg.split(KeyError); print(show(m), "|", show(r)); m, r = eg.split(lambda e: isinstance(e, (ValueError, TypeError))); print(show(m), "|", show(r)); print(show(eg.subgroup(OSError)), eg.subgroup(IndexError), eg.split(ExceptionGroup)[1], eg.subgroup((ValueError, KeyError)) is not eg)
print(show(eg.derive([V])), eg.message, len(eg.exceptions), str(eg), repr(ExceptionGroup("x", [V])), str(ExceptionGroup("x", [V, K])))
eg.add_note("note"); eg.__cause__ = O; m, r = eg.split(ValueError); print(m.__notes__, r.__notes__, m.__cause__, m.__notes__ is eg.__notes__)
class My(ExceptionGroup):
    def __new__(cls, msg, excs, extra=None):
        self = super().__new__(cls, msg, excs); self.extra = extra; return self
    def derive(self, excs): return My(self.message, excs, self.extra)
my = My("mine", [V, K], "e"); m, r = my.split(ValueError); print(type(m).__name__, m.extra, type(r).__name__)
for args in ((), ("m",), ("m", []), ("m", 5), (5, [V]), ("m", [5]), ("m", [V, KeyboardInterrupt()])):
    try: print(show(ExceptionGroup(*args)))
    except Exception as e: print(type(e).__name__, e)
print(type(BaseExceptionGroup("b", [V])).__name__, type(BaseExceptionGroup("b", [KeyboardInterrupt()])).__name__, ExceptionGroup.__mro__[1:3])
for c in (5, "x", None, [ValueError]):
    try: eg.split(c)
    except TypeError as e: print(e)
def nested_handlers():
    try: raise ExceptionGroup("o", [V, K])
    except* ValueError:
        try: raise ExceptionGroup("i", [T])
        except* TypeError as e: print("inner", show(e))
    except* KeyError as e: print("outer", show(e))
t(nested_handlers)
