"""Methods of floats: hexadecimal text, ratios, classes."""


def check(text, function):
    try:
        print(text, "->", repr(function()))
    except Exception as error:
        print(text, "->", type(error).__name__ + ":", error)


class Real(float):
    pass


check('(1.5).hex(), (0.1).hex(), (-0.0).hex(), (5e-324).hex(), (1e308).hex(), float("inf").hex(), float("-nan").hex()', lambda: ((1.5).hex(), (0.1).hex(), (-0.0).hex(), (5e-324).hex(), (1e308).hex(), float("inf").hex(), float("-nan").hex()))
check('float.fromhex("0x1.8p0"), float.fromhex("1.8"), float.fromhex("-0x.8p1"), float.fromhex(" 0x1p-1074 "), float.fromhex("inf"), float.fromhex("-NaN")', lambda: (float.fromhex("0x1.8p0"), float.fromhex("1.8"), float.fromhex("-0x.8p1"), float.fromhex(" 0x1p-1074 "), float.fromhex("inf"), float.fromhex("-NaN")))
check('float.fromhex("0x1.fffffffffffff8p0"), float.fromhex("0x1.fffffffffffff7p0"), float.fromhex("0x1p-1075"), float.fromhex("0x1.8p-1074")', lambda: (float.fromhex("0x1.fffffffffffff8p0"), float.fromhex("0x1.fffffffffffff7p0"), float.fromhex("0x1p-1075"), float.fromhex("0x1.8p-1074")))
check('float.fromhex("0x1p-2000"), float.fromhex("0x0p99999999999"), float.fromhex("0x1." + "0" * 40 + "1p0")', lambda: (float.fromhex("0x1p-2000"), float.fromhex("0x0p99999999999"), float.fromhex("0x1." + "0" * 40 + "1p0")))
check('float.fromhex("")', lambda: float.fromhex(""))
check('float.fromhex("0x")', lambda: float.fromhex("0x"))
check('float.fromhex("0x1p")', lambda: float.fromhex("0x1p"))
check('float.fromhex("0x1.g")', lambda: float.fromhex("0x1.g"))
check('float.fromhex("0x1p1024")', lambda: float.fromhex("0x1p1024"))
check('float.fromhex("0x1p99999999999999999999")', lambda: float.fromhex("0x1p99999999999999999999"))
check('float.fromhex(5)', lambda: float.fromhex(5))
check('[float.fromhex(x.hex()) == x for x in (0.1, 1e-310, 3.3e200, -7.25)]', lambda: [float.fromhex(x.hex()) == x for x in (0.1, 1e-310, 3.3e200, -7.25)])
check('(0.5).as_integer_ratio(), (1.0).as_integer_ratio(), (0.1).as_integer_ratio(), (-2.5).as_integer_ratio(), (0.0).as_integer_ratio(), (1e20).as_integer_ratio()', lambda: ((0.5).as_integer_ratio(), (1.0).as_integer_ratio(), (0.1).as_integer_ratio(), (-2.5).as_integer_ratio(), (0.0).as_integer_ratio(), (1e20).as_integer_ratio()))
check('float("nan").as_integer_ratio()', lambda: float("nan").as_integer_ratio())
check('float("inf").as_integer_ratio()', lambda: float("inf").as_integer_ratio())
check('(1.0).is_integer(), (1.5).is_integer(), float("inf").is_integer(), (1e300).is_integer()', lambda: ((1.0).is_integer(), (1.5).is_integer(), float("inf").is_integer(), (1e300).is_integer()))
check('(1.5).real, (1.5).imag, (1.5).conjugate(), (1.5).__getnewargs__()', lambda: ((1.5).real, (1.5).imag, (1.5).conjugate(), (1.5).__getnewargs__()))
check('float.__getformat__("double"), float.__getformat__("float")', lambda: (float.__getformat__("double"), float.__getformat__("float")))
check('float.__getformat__("x")', lambda: float.__getformat__("x"))
check('type(Real(1.5)), Real(1.5) + 1, type(Real(1.5) + 1), type(+Real(1.5)), Real("2.5"), repr(Real(1e100)), f"{Real(1.5):.3f}"', lambda: (type(Real(1.5)), Real(1.5) + 1, type(Real(1.5) + 1), type(+Real(1.5)), Real("2.5"), repr(Real(1e100)), f"{Real(1.5):.3f}"))
check('type(float(Real(1.5))), Real(1.5) == 1.5, hash(Real(1.5)) == hash(1.5), type(Real.fromhex("0x1p0")), Real(0.0) == 0, bool(Real(0))', lambda: (type(float(Real(1.5))), Real(1.5) == 1.5, hash(Real(1.5)) == hash(1.5), type(Real.fromhex("0x1p0")), Real(0.0) == 0, bool(Real(0))))
check('float.__new__(int)', lambda: float.__new__(int))
check('float.__add__(1.0)', lambda: float.__add__(1.0))
check('float.__add__("a", 1.0)', lambda: float.__add__("a", 1.0))
