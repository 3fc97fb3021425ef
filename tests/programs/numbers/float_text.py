"""Floats from text and as text."""


def check(text, function):
    try:
        print(text, "->", repr(function()))
    except Exception as error:
        print(text, "->", type(error).__name__ + ":", error)


class Floating:
    def __init__(self, value):
        self.value = value

    def __float__(self):
        return self.value


class Indexing(Floating):
    __float__ = None

    def __index__(self):
        return self.value


del Indexing.__float__


class Indexing:
    def __init__(self, value):
        self.value = value

    def __index__(self):
        return self.value


check('float("1.5"), float(" -2e3\\n"), float("1_0.5_0"), float(".5"), float("5."), float("+.5e-3")', lambda: (float("1.5"), float(" -2e3\n"), float("1_0.5_0"), float(".5"), float("5."), float("+.5e-3")))
check('float("1__0")', lambda: float("1__0"))
check('float("1_.0")', lambda: float("1_.0"))
check('float("_1")', lambda: float("_1"))
check('float("")', lambda: float(""))
check('float(".")', lambda: float("."))
check('float("1e")', lambda: float("1e"))
check('float("0x1p3")', lambda: float("0x1p3"))
check('float("1.5\\0")', lambda: float("1.5\0"))
check('float("inf"), float("-Infinity"), float("nan"), float("+NaN"), float("iNf")', lambda: (float("inf"), float("-Infinity"), float("nan"), float("+NaN"), float("iNf")))
check('float("infin")', lambda: float("infin"))
check('float("\\u0661.\\u0665"), float("\\u20031\\u2003")', lambda: (float("\u0661.\u0665"), float("\u20031\u2003")))
check('float(b"2.5"), float(bytearray(b"2.5"))', lambda: (float(b"2.5"), float(bytearray(b"2.5"))))
check('float(b"x")', lambda: float(b"x"))
check('float("1e400"), float("-1e400"), float("1e-400"), float("4.9e-324"), float("2.4703282292062327e-324")', lambda: (float("1e400"), float("-1e400"), float("1e-400"), float("4.9e-324"), float("2.4703282292062327e-324")))
check('float("1.7976931348623158e308"), float("1.7976931348623159e308")', lambda: (float("1.7976931348623158e308"), float("1.7976931348623159e308")))
check('float("9007199254740993"), float("9007199254740992.5"), float("0.1" + "0" * 50 + "1")', lambda: (float("9007199254740993"), float("9007199254740992.5"), float("0.1" + "0" * 50 + "1")))
check('float([])', lambda: float([]))
check('float(None)', lambda: float(None))
check('float("a", "b")', lambda: float("a", "b"))
check('float(x=1)', lambda: float(x=1))
check('float(10 ** 400)', lambda: float(10 ** 400))
check('float(True), float(2 ** 70), float(2 ** 53 + 1), float(2 ** 1023)', lambda: (float(True), float(2 ** 70), float(2 ** 53 + 1), float(2 ** 1023)))
check('float(), float(Floating(2.5)), float(Indexing(3))', lambda: (float(), float(Floating(2.5)), float(Indexing(3))))
check('float(Floating(3))', lambda: float(Floating(3)))
check('float(Indexing("x"))', lambda: float(Indexing("x")))
check('0.1, 1.0, 1e15, 1e16, 123456789012345680.0, 1e22, 1e-4, 1e-5, 5e-324, 1.7976931348623157e308', lambda: (0.1, 1.0, 1e15, 1e16, 123456789012345680.0, 1e22, 1e-4, 1e-5, 5e-324, 1.7976931348623157e308))
check('-0.0, 0.1 + 0.2, 1 / 3, 2 / 3 * 100, 1e100, 1.5e300 * 1e10, -1e-7', lambda: (-0.0, 0.1 + 0.2, 1 / 3, 2 / 3 * 100, 1e100, 1.5e300 * 1e10, -1e-7))
check('float("inf"), -float("inf"), float("nan"), 1e308 * 10, -1e308 * 10', lambda: (float("inf"), -float("inf"), float("nan"), 1e308 * 10, -1e308 * 10))
check('9007199254740993.0, 72057594037927945.0, 0.3, 2.5, 1e21, 1e23, 4.35, 100.0, 12345.678', lambda: (9007199254740993.0, 72057594037927945.0, 0.3, 2.5, 1e21, 1e23, 4.35, 100.0, 12345.678))
check('str(1e16), repr(1e16), str(0.5)', lambda: (str(1e16), repr(1e16), str(0.5)))
