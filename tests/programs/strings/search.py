"""Finding, counting, replacing, prefixes."""


def check(text, function):
    try:
        print(text, "->", repr(function()))
    except Exception as error:
        print(text, "->", type(error).__name__ + ":", error)


check('"abcabc".find("c"), "abcabc".find("c", 3), "abcabc".find("c", -1), "abcabc".find("x"), "abc".find(""), "abc".find("", 3), "abc".find("", 4)', lambda: ("abcabc".find("c"), "abcabc".find("c", 3), "abcabc".find("c", -1), "abcabc".find("x"), "abc".find(""), "abc".find("", 3), "abc".find("", 4)))
check('"abcabc".rfind("a"), "abcabc".rfind("a", 0, 3), "abc".rfind(""), "abc".rfind("", 0, 2), "aaa".rfind("aa")', lambda: ("abcabc".rfind("a"), "abcabc".rfind("a", 0, 3), "abc".rfind(""), "abc".rfind("", 0, 2), "aaa".rfind("aa")))
check('"abc".index("b"), "abcb".rindex("b")', lambda: ("abc".index("b"), "abcb".rindex("b")))
check('"abc".index("x")', lambda: "abc".index("x"))
check('"abc".rindex("x")', lambda: "abc".rindex("x"))
check('"abc".find(1)', lambda: "abc".find(1))
check('"abc".find("a", "b")', lambda: "abc".find("a", "b"))
check('"abc".count("b"), "aaaa".count("aa"), "abc".count(""), "abc".count("", 4), "".count(""), "".count("a")', lambda: ("abc".count("b"), "aaaa".count("aa"), "abc".count(""), "abc".count("", 4), "".count(""), "".count("a")))
check('"abc".find("b", None, None), "abc".find("b", 2 ** 100), "abc".find("b", -(2 ** 100))', lambda: ("abc".find("b", None, None), "abc".find("b", 2 ** 100), "abc".find("b", -(2 ** 100))))
check('"naïve café".find("é"), "日本語".find("語"), "日本語".find("x"), "abc".find("é"), "a🐍b🐍".rfind("🐍"), "a🐍b".count("🐍")', lambda: ("naïve café".find("é"), "日本語".find("語"), "日本語".find("x"), "abc".find("é"), "a🐍b🐍".rfind("🐍"), "a🐍b".count("🐍")))
check('"Ā\\u0100\\u0001\\u0100".find("\\u0001"), "\\u0101\\u0101".find("\\x01"), "ĀāĀā".rfind("Ā"), "ĀāĀā".count("ā")', lambda: ("Ā\u0100\u0001\u0100".find("\u0001"), "\u0101\u0101".find("\x01"), "ĀāĀā".rfind("Ā"), "ĀāĀā".count("ā")))
check('"abc".startswith("ab"), "abc".startswith("bc", 1), "abc".startswith(("x", "a")), "abc".startswith(()), "abc".startswith(""), "abc".startswith("", 4)', lambda: ("abc".startswith("ab"), "abc".startswith("bc", 1), "abc".startswith(("x", "a")), "abc".startswith(()), "abc".startswith(""), "abc".startswith("", 4)))
check('"abc".endswith("bc"), "abc".endswith("b", 0, 2), "abc".endswith(("x", "c")), "日本".startswith("日"), "日本".endswith("x")', lambda: ("abc".endswith("bc"), "abc".endswith("b", 0, 2), "abc".endswith(("x", "c")), "日本".startswith("日"), "日本".endswith("x")))
check('"abc".startswith(1)', lambda: "abc".startswith(1))
check('"abc".startswith(("a", 1))', lambda: "abc".startswith(("a", 1)))
check('"abc".startswith(("x", 1))', lambda: "abc".startswith(("x", 1)))
check('"abc".endswith([])', lambda: "abc".endswith([]))
check('"abcabc".replace("b", "X"), "abcabc".replace("b", "", 1), "abc".replace("", "-"), "abc".replace("", "-", 2), "aaa".replace("aa", "b"), "abc".replace("x", "y")', lambda: ("abcabc".replace("b", "X"), "abcabc".replace("b", "", 1), "abc".replace("", "-"), "abc".replace("", "-", 2), "aaa".replace("aa", "b"), "abc".replace("x", "y")))
check('"abc".replace("a", "é"), "abc".replace("b", "日"), "日b".replace("日", "a"), "abc".replace("b", "X", 0), "abc".replace("b", "X", count=1), "".replace("", "x")', lambda: ("abc".replace("a", "é"), "abc".replace("b", "日"), "日b".replace("日", "a"), "abc".replace("b", "X", 0), "abc".replace("b", "X", count=1), "".replace("", "x")))
check('"abc".replace(1, "a")', lambda: "abc".replace(1, "a"))
check('"abc".replace("a", 1)', lambda: "abc".replace("a", 1))
check('"abc".replace("a", "b", "c")', lambda: "abc".replace("a", "b", "c"))
check('"abc".removeprefix("ab"), "abc".removeprefix("x"), "abc".removesuffix("bc"), "abc".removesuffix(""), "abc".removeprefix("abc")', lambda: ("abc".removeprefix("ab"), "abc".removeprefix("x"), "abc".removesuffix("bc"), "abc".removesuffix(""), "abc".removeprefix("abc")))
check('"abc".removeprefix(1)', lambda: "abc".removeprefix(1))
check('"b" in "abc", "" in "abc", "x" in "abc", "é" in "café", "日" in "abc"', lambda: ("b" in "abc", "" in "abc", "x" in "abc", "é" in "café", "日" in "abc"))
check('1 in "abc"', lambda: 1 in "abc")
check('None in "abc"', lambda: None in "abc")
check('"a".__contains__("a")', lambda: "a".__contains__("a"))
check('("a" * 1000 + "b").find("a" * 500 + "b"), ("ab" * 1000).count("ba"), ("x" * 999 + "é" + "x" * 999).find("éx")', lambda: (("a" * 1000 + "b").find("a" * 500 + "b"), ("ab" * 1000).count("ba"), ("x" * 999 + "é" + "x" * 999).find("éx")))
