"""Subclasses of int and bool keep their class where CPython keeps it."""


def check(text, function):
    try:
        print(text, "->", repr(function()))
    except Exception as error:
        print(text, "->", type(error).__name__ + ":", error)


class Number(int):
    pass


class Loud(int):
    def __add__(self, other):
        return ("add", int(self), other)

    def __radd__(self, other):
        return ("radd", int(self), other)

    def __rsub__(self, other):
        return ("rsub", int(self), other)

    def __neg__(self):
        return "neg"


check('type(Number(5)), Number(5) == 5, Number("12"), Number("ff", 16)', lambda: (type(Number(5)), Number(5) == 5, Number("12"), Number("ff", 16)))
check('type(Number(5) + 1), Number(5) + 1, 1 + Number(5), Number(5) * Number(6)', lambda: (type(Number(5) + 1), Number(5) + 1, 1 + Number(5), Number(5) * Number(6)))
check('type(+Number(5)), type(-Number(5)), type(abs(Number(5))), type(Number(5).conjugate())', lambda: (type(+Number(5)), type(-Number(5)), type(abs(Number(5))), type(Number(5).conjugate())))
check('type(int(Number(5))), type(Number(5).real), type(Number(5).__index__())', lambda: (type(int(Number(5))), type(Number(5).real), type(Number(5).__index__())))
check('Number(2 ** 70), Number(2 ** 70) + 1, hash(Number(2 ** 70)) == hash(2 ** 70), hash(Number(7))', lambda: (Number(2 ** 70), Number(2 ** 70) + 1, hash(Number(2 ** 70)) == hash(2 ** 70), hash(Number(7))))
check('Number(0), bool(Number(0)), Number(0) == 0, -Number(0)', lambda: (Number(0), bool(Number(0)), Number(0) == 0, -Number(0)))
check('{Number(1): "a"}[1], {1: "a"}[Number(1)], Number(3) in [1, 2, 3]', lambda: ({Number(1): "a"}[1], {1: "a"}[Number(1)], Number(3) in [1, 2, 3]))
check('type(Number.from_bytes(b"\\x05")), Number.from_bytes(b"\\x05")', lambda: (type(Number.from_bytes(b"\x05")), Number.from_bytes(b"\x05")))
check('[10, 20, 30][Number(1)], "abc"[Number(2)], (1, 2)[Number(-1)]', lambda: ([10, 20, 30][Number(1)], "abc"[Number(2)], (1, 2)[Number(-1)]))
check('f"{Number(5)}", f"{Number(5):>4}", str(Number(5)), repr(Number(5)), "%d" % Number(5)', lambda: (f"{Number(5)}", f"{Number(5):>4}", str(Number(5)), repr(Number(5)), "%d" % Number(5)))
check('Loud(3) + 4, 4 + Loud(3), Loud(3) - 1, 10 - Loud(3), -Loud(3)', lambda: (Loud(3) + 4, 4 + Loud(3), Loud(3) - 1, 10 - Loud(3), -Loud(3)))
check('Number(7) // 2, Number(7) % 4, divmod(Number(7), 2), Number(2) ** 3, 2 ** Number(3), pow(Number(2), 3, 5)', lambda: (Number(7) // 2, Number(7) % 4, divmod(Number(7), 2), Number(2) ** 3, 2 ** Number(3), pow(Number(2), 3, 5)))
check('Number(5) < 6, 6 > Number(5), Number(5) != 5, Number(5) >= Number(4)', lambda: (Number(5) < 6, 6 > Number(5), Number(5) != 5, Number(5) >= Number(4)))
check('Number(5).extra', lambda: Number(5).extra)
check('setattr(Number(5), "x", 1)', lambda: setattr(Number(5), "x", 1))
check('issubclass(bool, int), isinstance(True, int), bool.__mro__', lambda: (issubclass(bool, int), isinstance(True, int), bool.__mro__))
check('round(Number(15), -1), range(Number(3)), list(range(Number(3)))', lambda: (round(Number(15), -1), range(Number(3)), list(range(Number(3)))))
check('Number(5).__class__.__name__', lambda: Number(5).__class__.__name__)
