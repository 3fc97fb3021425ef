def show(f, *args):
    try:
        print("result", f(*args))
    except BaseException as e:
        print(type(e).__name__ + ":", e, e.args)


show(lambda: 1 / 0)
show(lambda: [][1])
show(lambda: {}["k"])
show(lambda: int("x"))
show(lambda: undefined_name)
show(lambda: None.x)
show(lambda: "a" + 1)
show(lambda: (lambda x: x)())


def raiser(e, cause=0):
    if cause == 0:
        raise e
    raise e from cause


show(raiser, ValueError)
show(raiser, ValueError("a", 1))
show(raiser, 3)
show(raiser, int)
show(raiser, ValueError, 3)


class Weird(Exception):
    def __new__(cls):
        return 5


show(raiser, Weird)


def bare():
    raise


show(bare)
try:
    raiser(ValueError("x"), KeyError("y"))
except ValueError as e:
    print(repr(e.__cause__), e.__suppress_context__, e.__context__)
try:
    raiser(ValueError("x"), TypeError)
except ValueError as e:
    print(repr(e.__cause__))
try:
    try:
        1 / 0
    except ZeroDivisionError:
        raise ValueError("second")
except ValueError as e:
    print(repr(e.__context__), e.__cause__, e.__suppress_context__)
try:
    try:
        1 / 0
    except ZeroDivisionError:
        raise ValueError("second") from None
except ValueError as e:
    print(repr(e.__context__), e.__cause__, e.__suppress_context__)


def order():
    log = []
    try:
        log.append("try")
        return log
    except ValueError:
        log.append("except")
    else:
        log.append("else")
    finally:
        log.append("finally")


print(order())


def nested():
    for i in range(3):
        try:
            if i == 1:
                continue
            if i == 2:
                break
            print("body", i)
        finally:
            print("fin", i)
    else:
        print("not reached")
    try:
        return "try"
    finally:
        return "finally"


print(nested())
try:
    try:
        raise KeyError("k")
    finally:
        print("cleanup")
except KeyError as e:
    print("KeyError:", e, repr(e))
try:
    e
except NameError as err:
    print("NameError:", err)
try:
    try:
        raise ValueError(1)
    except (TypeError, ValueError) as e:
        print("tuple", e)
        raise
except Exception as e2:
    print("again", e2)
for bad in (3, (ValueError, 3), "x"):
    try:
        try:
            1 / 0
        except bad:
            pass
    except TypeError as e:
        print("TypeError:", e)
import sys
print(sys.exc_info())
try:
    raise OSError(2, "No such", "file.txt")
except OSError as e:
    print(type(e).__name__, e.errno, e.strerror, e.filename, e, e.args)
show(raiser, OSError(13, "denied"))
show(raiser, OSError("one"))
show(raiser, OSError(2, "m", "a", None, "b"))
print(repr(FileNotFoundError(2, "x")), OSError is IOError is EnvironmentError)
e = StopIteration(5)
print(e.value, e.args, StopIteration().value, StopIteration(1, 2).value)
print(SystemExit(3).code, SystemExit().code, SystemExit(1, 2).code)
e = ImportError("msg", name="n", path="p")
print(e.msg, e.name, e.path, e)
e = AttributeError("msg", name="n", obj=3)
print(e.name, e.obj, e)
e = NameError("m", name="q")
print(e.name, e)
e = UnicodeDecodeError("utf-8", b"abc\xff", 3, 4, "invalid")
print(e, e.encoding, e.object, e.start, e.end, e.reason)
print(UnicodeEncodeError("ascii", "a\u1234", 1, 2, "no"))
print(UnicodeEncodeError("ascii", "a\u1234bc", 1, 4, "no"))
print(UnicodeTranslateError("a\u1234", 1, 2, "no"))
show(UnicodeDecodeError, 1, 2, 3)
e = SyntaxError("msg", ("file.py", 3, 5, "text here", 3, 9))
print(e, e.msg, e.filename, e.lineno, e.offset, e.text, e.end_lineno, e.end_offset)
print(SyntaxError("only"), SyntaxError())
print(repr(KeyError("a")), str(KeyError("a")), str(KeyError("a", "b")), str(KeyError()))
print(repr(Exception()), repr(Exception(1)), repr(Exception(1, 2)), str(Exception(1, 2)), str(Exception()))
e = Exception("x")
e.attr = 1
print(e.__dict__, e.with_traceback(None) is e)
e.add_note("n1")
e.add_note("n2")
print(e.__notes__)
show(e.add_note, 3)
for name, value in [("__cause__", 3), ("__context__", 3), ("__traceback__", 3), ("args", 3)]:
    try:
        setattr(e, name, value)
    except TypeError as err:
        print("TypeError:", err)
e.args = [1, 2]
print(e.args)
print([c.__name__ for c in FileNotFoundError.__mro__])


class Custom(ValueError):
    def __init__(self, code):
        self.code = code

    def __str__(self):
        return f"custom {self.code}"


show(raiser, Custom(7))
try:
    raise Custom(8)
except ValueError as err:
    print(err.args, err.code, repr(err))


def leak():
    try:
        raise ValueError
    except ValueError as err:
        pass
    try:
        err
    except UnboundLocalError as e2:
        print("UnboundLocalError:", e2)


leak()


def recursion():
    return recursion()


try:
    recursion()
except RecursionError as e:
    print("RecursionError:", e)
assert True, "no"
try:
    assert 1 == 2, ("tuple", 1)
except AssertionError as e:
    print("AssertionError:", e, e.args)
try:
    assert 0
except AssertionError as e:
    print("AssertionError:", e, e.args)
