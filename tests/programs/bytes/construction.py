"""`bytes()`, `bytearray()`: construction and text."""


def check(text, function):
    try:
        print(text, "->", repr(function()))
    except Exception as error:
        print(text, "->", type(error).__name__ + ":", error)


class Bytesy:
    def __init__(self, value=b"bytesy"):
        self.value = value

    def __bytes__(self):
        return self.value


class Indexed:
    def __index__(self):
        return 4


class Sub(bytes):
    pass


class SubArray(bytearray):
    pass


check('bytes(), bytes(3), bytes([1, 2, 255]), bytes("é", "utf-8"), bytes("abc", encoding="ascii"), bytes(b"ab"), bytes(bytearray(b"x")), bytes(range(3)), bytes({1: 2}), bytes((65, True)), bytes(source=b"a"), bytes(memoryview(b"abc"))', lambda: (bytes(), bytes(3), bytes([1, 2, 255]), bytes("é", "utf-8"), bytes("abc", encoding="ascii"), bytes(b"ab"), bytes(bytearray(b"x")), bytes(range(3)), bytes({1: 2}), bytes((65, True)), bytes(source=b"a"), bytes(memoryview(b"abc"))))
check('bytes("a")', lambda: bytes("a"))
check('bytes(1, "utf-8")', lambda: bytes(1, "utf-8"))
check('bytes(b"a", "utf-8")', lambda: bytes(b"a", "utf-8"))
check('bytes(-1)', lambda: bytes(-1))
check('bytes(10 ** 20)', lambda: bytes(10 ** 20))
check('bytes([256])', lambda: bytes([256]))
check('bytes([-1])', lambda: bytes([-1]))
check('bytes(["a"])', lambda: bytes(["a"]))
check('bytes([1.5])', lambda: bytes([1.5]))
check('bytes(1.5)', lambda: bytes(1.5))
check('bytes(None)', lambda: bytes(None))
check('bytes("é", "ascii")', lambda: bytes("é", "ascii"))
check('bytes("é", "ascii", "ignore")', lambda: bytes("é", "ascii", "ignore"))
check('bytes(encoding="utf-8")', lambda: bytes(encoding="utf-8"))
check('bytes(errors="strict")', lambda: bytes(errors="strict"))
check('bytes(x=1)', lambda: bytes(x=1))
check('bytes(1, 2, 3, 4)', lambda: bytes(1, 2, 3, 4))
check('bytes(Bytesy()), bytes(Indexed()), bytearray(Indexed())', lambda: (bytes(Bytesy()), bytes(Indexed()), bytearray(Indexed())))
check('bytes(Bytesy("x"))', lambda: bytes(Bytesy("x")))
check('bytearray(), bytearray(3), bytearray(b"abc"), bytearray("é", "utf-8"), bytearray([1, 2]), bytearray(bytearray(b"x"))', lambda: (bytearray(), bytearray(3), bytearray(b"abc"), bytearray("é", "utf-8"), bytearray([1, 2]), bytearray(bytearray(b"x"))))
check('bytearray("a")', lambda: bytearray("a"))
check('bytearray([256])', lambda: bytearray([256]))
check('bytearray(-1)', lambda: bytearray(-1))
check('repr(b"a\'b"), repr(b\'a"b\'), repr(b"a\'b\\"c"), repr(b"\\x00\\n\\t\\r\\\\\\x7f\\xff"), str(b"a"), repr(bytearray(b"a\'")), str(bytearray(b"x"))', lambda: (repr(b"a'b"), repr(b'a"b'), repr(b"a'b\"c"), repr(b"\x00\n\t\r\\\x7f\xff"), str(b"a"), repr(bytearray(b"a'")), str(bytearray(b"x"))))
check('bytes.fromhex("0a 0B"), bytes.fromhex(""), bytearray.fromhex("ff"), bytes.fromhex(" 00\\t01\\n02 ")', lambda: (bytes.fromhex("0a 0B"), bytes.fromhex(""), bytearray.fromhex("ff"), bytes.fromhex(" 00\t01\n02 ")))
check('bytes.fromhex("0")', lambda: bytes.fromhex("0"))
check('bytes.fromhex("zz")', lambda: bytes.fromhex("zz"))
check('bytes.fromhex("a b")', lambda: bytes.fromhex("a b"))
check('bytes.fromhex(b"aa")', lambda: bytes.fromhex(b"aa"))
check('b"abc".hex(), b"abcd".hex(":"), b"abcde".hex(":", 2), b"abcde".hex(":", -2), b"".hex(), b"ab".hex(b"-"), bytearray(b"ab").hex(sep=" "), b"abc".hex(":", 0), b"abcd".hex("_", bytes_per_sep=3)', lambda: (b"abc".hex(), b"abcd".hex(":"), b"abcde".hex(":", 2), b"abcde".hex(":", -2), b"".hex(), b"ab".hex(b"-"), bytearray(b"ab").hex(sep=" "), b"abc".hex(":", 0), b"abcd".hex("_", bytes_per_sep=3)))
check('b"a".hex("::")', lambda: b"a".hex("::"))
check('b"a".hex("é")', lambda: b"a".hex("é"))
check('b"a".hex(1)', lambda: b"a".hex(1))
check('type(Sub(b"a")), Sub(b"abc")[0:1], type(Sub(b"abc")[0:1]), Sub(b"a") == b"a", hash(Sub(b"a")) == hash(b"a"), Sub(3), type(Sub.fromhex("00")), {Sub(b"k"): 1}[b"k"]', lambda: (type(Sub(b"a")), Sub(b"abc")[0:1], type(Sub(b"abc")[0:1]), Sub(b"a") == b"a", hash(Sub(b"a")) == hash(b"a"), Sub(3), type(Sub.fromhex("00")), {Sub(b"k"): 1}[b"k"]))
check('type(SubArray(b"a")), SubArray(b"ab") + b"c", repr(SubArray(b"a")), SubArray(3)', lambda: (type(SubArray(b"a")), SubArray(b"ab") + b"c", repr(SubArray(b"a")), SubArray(3)))
check('bytes.__new__(int)', lambda: bytes.__new__(int))
check('hash(b"abc") == hash("abc"), hash(b"") == 0', lambda: (hash(b"abc") == hash("abc"), hash(b"") == 0))
check('hash(bytearray())', lambda: hash(bytearray()))
