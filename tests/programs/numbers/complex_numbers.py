"""Complex numbers: construction, text, operators."""


def check(text, function):
    try:
        print(text, "->", repr(function()))
    except Exception as error:
        print(text, "->", type(error).__name__ + ":", error)


class Complexed:
    def __init__(self, value=3 + 4j):
        self.value = value

    def __complex__(self):
        return self.value


class Sub(complex):
    pass


check('complex(), complex(1), complex(1, 2), complex(1.5, -0.0), complex(imag=2), complex(real=1, imag=2), complex(True, False)', lambda: (complex(), complex(1), complex(1, 2), complex(1.5, -0.0), complex(imag=2), complex(real=1, imag=2), complex(True, False)))
check('complex(1 + 2j), complex(1 + 2j, 3), complex(1, 2j), complex(1 + 2j, 3 + 4j)', lambda: (complex(1 + 2j), complex(1 + 2j, 3), complex(1, 2j), complex(1 + 2j, 3 + 4j)))
check('complex("1+2j"), complex(" ( 1-2j ) "), complex("j"), complex("-j"), complex("+1.5e3J"), complex("1e-3+1e+3j"), complex("nan+infj"), complex("1_0+2_0j"), complex("5")', lambda: (complex("1+2j"), complex(" ( 1-2j ) "), complex("j"), complex("-j"), complex("+1.5e3J"), complex("1e-3+1e+3j"), complex("nan+infj"), complex("1_0+2_0j"), complex("5")))
check('complex("1 + 2j")', lambda: complex("1 + 2j"))
check('complex("")', lambda: complex(""))
check('complex("(1+2j")', lambda: complex("(1+2j"))
check('complex("1+2")', lambda: complex("1+2"))
check('complex("1+2jj")', lambda: complex("1+2jj"))
check('complex("1", 2)', lambda: complex("1", 2))
check('complex(1, "2")', lambda: complex(1, "2"))
check('complex([])', lambda: complex([]))
check('complex(1, [])', lambda: complex(1, []))
check('complex(None)', lambda: complex(None))
check('1j, -1j, 1 + 0j, -0.0 + 1j, complex(-0.0, -0.0), complex(float("nan"), float("inf")), 1e20 + 1e-5j, complex(0, -1.5)', lambda: (1j, -1j, 1 + 0j, -0.0 + 1j, complex(-0.0, -0.0), complex(float("nan"), float("inf")), 1e20 + 1e-5j, complex(0, -1.5)))
check('(1 + 2j) + (3 - 4j), (1 + 2j) - 1, 2 * (1 + 2j), (1 + 2j) * (3 - 4j), (1 + 2j) / (3 - 4j), 1 / 2j, (1 + 2j) + 1.5, True + 1j', lambda: ((1 + 2j) + (3 - 4j), (1 + 2j) - 1, 2 * (1 + 2j), (1 + 2j) * (3 - 4j), (1 + 2j) / (3 - 4j), 1 / 2j, (1 + 2j) + 1.5, True + 1j))
check('1j / 0', lambda: 1j / 0)
check('1j // 1', lambda: 1j // 1)
check('1j % 1', lambda: 1j % 1)
check('divmod(1j, 1)', lambda: divmod(1j, 1))
check('(1 + 2j) ** 2, (1 + 2j) ** 0, (1 + 2j) ** -1, 1j ** 2, 2 ** 1j, (1 + 1j) ** 0.5, 0j ** 0, 1j ** 1j, (2 + 0j) ** 101', lambda: ((1 + 2j) ** 2, (1 + 2j) ** 0, (1 + 2j) ** -1, 1j ** 2, 2 ** 1j, (1 + 1j) ** 0.5, 0j ** 0, 1j ** 1j, (2 + 0j) ** 101))
check('0j ** -1', lambda: 0j ** -1)
check('0j ** 1j', lambda: 0j ** 1j)
check('(1e200 + 1e200j) ** 2', lambda: (1e200 + 1e200j) ** 2)
check('pow(1j, 2, 3)', lambda: pow(1j, 2, 3))
check('1j < 2', lambda: 1j < 2)
check('1j == 1j, 1j == 1, 1 + 0j == 1, 1 + 0j == True, 1 + 0j == 1.0, 1j != 2j, 1j == "a", 2 ** 53 + 1 == complex(2 ** 53, 0)', lambda: (1j == 1j, 1j == 1, 1 + 0j == 1, 1 + 0j == True, 1 + 0j == 1.0, 1j != 2j, 1j == "a", 2 ** 53 + 1 == complex(2 ** 53, 0)))
check('abs(3 + 4j), abs(complex("inf")), abs(complex(float("nan"), 1)), -(1 + 2j), +(1 + 2j), bool(0j), bool(1j)', lambda: (abs(3 + 4j), abs(complex("inf")), abs(complex(float("nan"), 1)), -(1 + 2j), +(1 + 2j), bool(0j), bool(1j)))
check('abs(complex(1e308, 1e308))', lambda: abs(complex(1e308, 1e308)))
check('(1 + 2j).real, (1 + 2j).imag, (1 + 2j).conjugate(), (1 + 2j).__complex__(), (1 + 2j).__getnewargs__()', lambda: ((1 + 2j).real, (1 + 2j).imag, (1 + 2j).conjugate(), (1 + 2j).__complex__(), (1 + 2j).__getnewargs__()))
check('hash(1 + 0j) == hash(1), hash(1j), hash(1.5 + 2j), hash(0j)', lambda: (hash(1 + 0j) == hash(1), hash(1j), hash(1.5 + 2j), hash(0j)))
check('int(1j)', lambda: int(1j))
check('float(1j)', lambda: float(1j))
check('1j + "a"', lambda: 1j + "a")
check('f"{1 + 2j}", f"{1 + 2j:.2f}", f"{1 + 2j:>12}", f"{1 + 2j:+.1e}", f"{1.5j:g}", f"{1234567 + 1j:,.1f}", f"{0j:.1f}", f"{1 + 2j:^20.1f}|"', lambda: (f"{1 + 2j}", f"{1 + 2j:.2f}", f"{1 + 2j:>12}", f"{1 + 2j:+.1e}", f"{1.5j:g}", f"{1234567 + 1j:,.1f}", f"{0j:.1f}", f"{1 + 2j:^20.1f}|"))
check('format(1j, "010")', lambda: format(1j, "010"))
check('format(1j, "=10")', lambda: format(1j, "=10"))
check('format(1j, "x")', lambda: format(1j, "x"))
check('format(1j, "%")', lambda: format(1j, "%"))
check('str(1j), repr(1 + 2j), complex(Complexed())', lambda: (str(1j), repr(1 + 2j), complex(Complexed())))
check('complex(Complexed("x"))', lambda: complex(Complexed("x")))
check('type(Sub(1, 2)), Sub(1, 2) + 1, type(Sub(1, 2) + 1), Sub("1j"), repr(Sub(1, 2)), complex(Sub(1, 2))', lambda: (type(Sub(1, 2)), Sub(1, 2) + 1, type(Sub(1, 2) + 1), Sub("1j"), repr(Sub(1, 2)), complex(Sub(1, 2))))
check('10 ** 400 + 1j', lambda: 10 ** 400 + 1j)
