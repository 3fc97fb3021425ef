"""`str()`, `repr()`, `ascii()` and construction."""


def check(text, function):
    try:
        print(text, "->", repr(function()))
    except Exception as error:
        print(text, "->", type(error).__name__ + ":", error)


class Text(str):
    pass


class Shown:
    def __str__(self):
        return "shown é"

    def __repr__(self):
        return "<shown é>"

    def __format__(self, spec):
        return "format:" + spec


class Bad:
    def __str__(self):
        return 1

    def __repr__(self):
        return b""

    def __format__(self, spec):
        return None


check('str(), str("a"), str(1), str(None), str(b"a"), str(b"abc", "utf-8"), str(b"caf\\xc3\\xa9", encoding="utf-8"), str(bytearray(b"x"), "ascii"), str(object="a"), str(b"\\xff", errors="replace")', lambda: (str(), str("a"), str(1), str(None), str(b"a"), str(b"abc", "utf-8"), str(b"caf\xc3\xa9", encoding="utf-8"), str(bytearray(b"x"), "ascii"), str(object="a"), str(b"\xff", errors="replace")))
check('str(b"\\xff", "ascii")', lambda: str(b"\xff", "ascii"))
check('str("a", "utf-8")', lambda: str("a", "utf-8"))
check('str(1, "utf-8")', lambda: str(1, "utf-8"))
check('str(b"a", 1)', lambda: str(b"a", 1))
check('str(b"a", "nope")', lambda: str(b"a", "nope"))
check('str(1, 2, 3, 4)', lambda: str(1, 2, 3, 4))
check('str(x=1)', lambda: str(x=1))
check('repr("a"), repr("a\'b"), repr(\'a"b\'), repr("a\'b\\"c"), repr("a\\\\b"), repr("a\\n\\t\\r\\0\\x7f"), repr("é\\xa0\\xad日\\u200b🐍\\U000e0001"), repr("\\ud800"), repr("")', lambda: (repr("a"), repr("a'b"), repr('a"b'), repr("a'b\"c"), repr("a\\b"), repr("a\n\t\r\0\x7f"), repr("é\xa0\xad日\u200b🐍\U000e0001"), repr("\ud800"), repr("")))
check('ascii("é日🐍"), ascii("a\'b"), ascii("\\ud800"), ascii([1, "é"])', lambda: (ascii("é日🐍"), ascii("a'b"), ascii("\ud800"), ascii([1, "é"])))
check('f"{\'é\'!a}", f"{\'é\'!r}", f"{1!s}", f"{Text(\'a\')!r}", f"{None!s:>6}"', lambda: (f"{'é'!a}", f"{'é'!r}", f"{1!s}", f"{Text('a')!r}", f"{None!s:>6}"))
check('str(Shown()), repr(Shown()), f"{Shown()}", f"{Shown()!r}", f"{Shown()!a}", f"{Shown():x}", format(Shown(), "abc"), "%s %r" % (Shown(), Shown()), "{!s} {0!r}".replace("0", "").format(Shown(), Shown())', lambda: (str(Shown()), repr(Shown()), f"{Shown()}", f"{Shown()!r}", f"{Shown()!a}", f"{Shown():x}", format(Shown(), "abc"), "%s %r" % (Shown(), Shown()), "{!s} {0!r}".replace("0", "").format(Shown(), Shown())))
check('str(Bad())', lambda: str(Bad()))
check('repr(Bad())', lambda: repr(Bad()))
check('f"{Bad()}"', lambda: f"{Bad()}")
check('f"{Bad():x}"', lambda: f"{Bad():x}")
check('type(str(Text("a"))), type(Text("a") + "b"), Text("a") == "a", hash(Text("a")) == hash("a"), {Text("a"): 1}["a"], Text("abc")[1], Text(5), Text(b"a", "ascii")', lambda: (type(str(Text("a"))), type(Text("a") + "b"), Text("a") == "a", hash(Text("a")) == hash("a"), {Text("a"): 1}["a"], Text("abc")[1], Text(5), Text(b"a", "ascii")))
check('str.__new__(int)', lambda: str.__new__(int))
check('str.__new__(Text, "a"), type(str.__new__(Text, "a"))', lambda: (str.__new__(Text, "a"), type(str.__new__(Text, "a"))))
check('str.upper(5)', lambda: str.upper(5))
check('str.join(",", ["a", "b"]), str.__len__("abc")', lambda: (str.join(",", ["a", "b"]), str.__len__("abc")))
check('"a".upper(1)', lambda: "a".upper(1))
check('"a".nope', lambda: "a".nope)
