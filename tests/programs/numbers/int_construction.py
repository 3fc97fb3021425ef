"""`int()` of numbers, of text in bases, and what it refuses."""


def check(text, function):
    try:
        print(text, "->", repr(function()))
    except Exception as error:
        print(text, "->", type(error).__name__ + ":", error)


class Indexed:
    def __init__(self, value):
        self.value = value

    def __index__(self):
        return self.value


class Inted:
    def __init__(self, value):
        self.value = value

    def __int__(self):
        return self.value


check('int()', lambda: int())
check('int(3.99)', lambda: int(3.99))
check('int(-3.99)', lambda: int(-3.99))
check('int(True)', lambda: int(True))
check('int("42")', lambda: int("42"))
check('int("  42\\n")', lambda: int("  42\n"))
check('int("-0b101", 0)', lambda: int("-0b101", 0))
check('int("0x_ff", 16)', lambda: int("0x_ff", 16))
check('int("0o17", 0)', lambda: int("0o17", 0))
check('int("z", 36)', lambda: int("z", 36))
check('int("1_000_000")', lambda: int("1_000_000"))
check('int("1__0")', lambda: int("1__0"))
check('int("_1")', lambda: int("_1"))
check('int("1_")', lambda: int("1_"))
check('int("")', lambda: int(""))
check('int(" ")', lambda: int(" "))
check('int("- 1")', lambda: int("- 1"))
check('int("+-1")', lambda: int("+-1"))
check('int("0_0", 0)', lambda: int("0_0", 0))
check('int("00", 0)', lambda: int("00", 0))
check('int("01", 0)', lambda: int("01", 0))
check('int("0x__f", 16)', lambda: int("0x__f", 16))
check('int("12", 2)', lambda: int("12", 2))
check('int("\\u0661\\u0662")', lambda: int("\u0661\u0662"))
check('int("\\u20093\\u2009")', lambda: int("\u20093\u2009"))
check('int("\\x1c1")', lambda: int("\x1c1"))
check('int(b"17")', lambda: int(b"17"))
check('int(bytearray(b"ff"), 16)', lambda: int(bytearray(b"ff"), 16))
check('int(b"a")', lambda: int(b"a"))
check('int("9" * 4300) == 10 ** 4300 - 1', lambda: int("9" * 4300) == 10 ** 4300 - 1)
check('int("9" * 4301)', lambda: int("9" * 4301))
check('int("f" * 5000, 16) == 16 ** 5000 - 1', lambda: int("f" * 5000, 16) == 16 ** 5000 - 1)
check('int(1, 2)', lambda: int(1, 2))
check('int(base=2)', lambda: int(base=2))
check('int("1", 37)', lambda: int("1", 37))
check('int("1", 1)', lambda: int("1", 1))
check('int("1", -1)', lambda: int("1", -1))
check('int("1", 2.0)', lambda: int("1", 2.0))
check('int([])', lambda: int([]))
check('int(None)', lambda: int(None))
check('int(1j)', lambda: int(1j))
check('int(float("nan"))', lambda: int(float("nan")))
check('int(float("inf"))', lambda: int(float("inf")))
check('int(1e30)', lambda: int(1e30))
check('int(x=1)', lambda: int(x=1))
check('int(1, 2, 3)', lambda: int(1, 2, 3))
check('int("1" * 18)', lambda: int("1" * 18))
check('int("1" * 40)', lambda: int("1" * 40))
check('int("-" + "7" * 25)', lambda: int("-" + "7" * 25))
check('int("1\\0")', lambda: int("1\0"))
check('int(Indexed(7))', lambda: int(Indexed(7)))
check('int(Inted(8))', lambda: int(Inted(8)))
check('int(Inted("x"))', lambda: int(Inted("x")))
check('int(Indexed(2.5))', lambda: int(Indexed(2.5)))
