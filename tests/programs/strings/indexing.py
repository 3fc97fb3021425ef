"""Items, slices, repetition, concatenation, comparison, iteration."""


def check(text, function):
    try:
        print(text, "->", repr(function()))
    except Exception as error:
        print(text, "->", type(error).__name__ + ":", error)


check('"abc"[0], "abc"[-1], "日本語"[1], "a🐍"[1], "abc"[True]', lambda: ("abc"[0], "abc"[-1], "日本語"[1], "a🐍"[1], "abc"[True]))
check('"abc"[3]', lambda: "abc"[3])
check('"abc"[-4]', lambda: "abc"[-4])
check('""[0]', lambda: ""[0])
check('"abc"["a"]', lambda: "abc"["a"])
check('"abc"[1.0]', lambda: "abc"[1.0])
check('"abc"[None]', lambda: "abc"[None])
check('"abc"[2 ** 100]', lambda: "abc"[2 ** 100])
check('"abcdef"[1:4], "abcdef"[::-1], "abcdef"[::2], "abcdef"[-2:], "abcdef"[4:1], "abcdef"[4:1:-1], "abcdef"[10:], "abcdef"[:-10], "日本語"[::-1], "a日b"[::2], "a日b"[:1]', lambda: ("abcdef"[1:4], "abcdef"[::-1], "abcdef"[::2], "abcdef"[-2:], "abcdef"[4:1], "abcdef"[4:1:-1], "abcdef"[10:], "abcdef"[:-10], "日本語"[::-1], "a日b"[::2], "a日b"[:1]))
check('"abc"[::0]', lambda: "abc"[::0])
check('"abc"["a":]', lambda: "abc"["a":])
check('"abc"[2 ** 100 :], "abc"[: 2 ** 100], "abc"[:: 2 ** 100], "abc"[:: -(2 ** 100)]', lambda: ("abc"[2 ** 100 :], "abc"[: 2 ** 100], "abc"[:: 2 ** 100], "abc"[:: -(2 ** 100)]))
check('"ab" * 3, 3 * "ab", "ab" * 0, "ab" * -1, "" * 1000, "é" * 3, "日" * 2, "ab" * True', lambda: ("ab" * 3, 3 * "ab", "ab" * 0, "ab" * -1, "" * 1000, "é" * 3, "日" * 2, "ab" * True))
check('"a" * 2.0', lambda: "a" * 2.0)
check('"a" * "b"', lambda: "a" * "b")
check('"a" * (1 << 70)', lambda: "a" * (1 << 70))
check('"a" + "b", "a" + "日", "é" + "🐍", "" + "a", "a" + ""', lambda: ("a" + "b", "a" + "日", "é" + "🐍", "" + "a", "a" + ""))
check('"a" + 1', lambda: "a" + 1)
check('1 + "a"', lambda: 1 + "a")
check('"a" + b"b"', lambda: "a" + b"b")
check('"a" < "b", "a" < "aa", "Z" < "a", "é" > "z", "日" > "é", "🐍" > "日", "" < "a", "abc" <= "abc", "abc" >= "abd"', lambda: ("a" < "b", "a" < "aa", "Z" < "a", "é" > "z", "日" > "é", "🐍" > "日", "" < "a", "abc" <= "abc", "abc" >= "abd"))
check('"a" < 1', lambda: "a" < 1)
check('"a" == 1, "a" != 1, "a" == "a", "é" == "e\\u0301", "a" == b"a"', lambda: ("a" == 1, "a" != 1, "a" == "a", "é" == "e\u0301", "a" == b"a"))
check('list("abc"), list("日本"), [c for c in "a🐍"], list(iter("")), tuple("ab"), "".join(reversed("abc"))', lambda: (list("abc"), list("日本"), [c for c in "a🐍"], list(iter("")), tuple("ab"), "".join(reversed("abc"))))
check('len("abc"), len("日本"), len("🐍"), len(""), len("e\\u0301")', lambda: (len("abc"), len("日本"), len("🐍"), len(""), len("e\u0301")))
check('min("hello"), max("hello"), sorted("hello"), "".join(sorted("hello"))', lambda: (min("hello"), max("hello"), sorted("hello"), "".join(sorted("hello"))))
check('hash("") == 0, hash("a") == hash("a"), hash("日本") == hash("".join(["日", "本"]))', lambda: (hash("") == 0, hash("a") == hash("a"), hash("日本") == hash("".join(["日", "本"]))))
check('[("a", 1)] == list({"a": 1}.items()), {"日": 1}["日"]', lambda: ([("a", 1)] == list({"a": 1}.items()), {"日": 1}["日"]))
check('"abc".__getitem__(1), "abc".__len__(), "abc".__add__("d"), "abc".__mul__(2), "abc".__rmul__(2), "abc".__eq__(1), "abc".__lt__("b")', lambda: ("abc".__getitem__(1), "abc".__len__(), "abc".__add__("d"), "abc".__mul__(2), "abc".__rmul__(2), "abc".__eq__(1), "abc".__lt__("b")))
check('"a".__getnewargs__(), "a".__str__(), "a\'b".__repr__(), "a".__format__(">3")', lambda: ("a".__getnewargs__(), "a".__str__(), "a'b".__repr__(), "a".__format__(">3")))
check('next(iter("abc")), list(enumerate("ab")), list(zip("ab", "cd")), dict(zip("ab", (1, 2)))', lambda: (next(iter("abc")), list(enumerate("ab")), list(zip("ab", "cd")), dict(zip("ab", (1, 2)))))
