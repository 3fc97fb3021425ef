"""Splitting, stripping, joining, lines, partitions."""


def check(text, function):
    try:
        print(text, "->", repr(function()))
    except Exception as error:
        print(text, "->", type(error).__name__ + ":", error)


class Text(str):
    pass


check('"a b  c ".split(), " a  b ".split(" "), "a,b,,c".split(","), "a,b,c".split(",", 1), "abc".split("x"), "".split(), "".split(","), "   ".split()', lambda: ("a b  c ".split(), " a  b ".split(" "), "a,b,,c".split(","), "a,b,c".split(",", 1), "abc".split("x"), "".split(), "".split(","), "   ".split()))
check('"  a  b c ".split(None, 1), "  a  b c ".split(None, 0), "a b c".split(maxsplit=1), "a--b--c".split("--"), "a\\u2003b\\x1cc\\u00a0d".split()', lambda: ("  a  b c ".split(None, 1), "  a  b c ".split(None, 0), "a b c".split(maxsplit=1), "a--b--c".split("--"), "a\u2003b\x1cc\u00a0d".split()))
check('"a,b,c".rsplit(",", 1), "  a  b c ".rsplit(None, 1), "a b c".rsplit(), "  a  b c ".rsplit(None, 0), "aaa".rsplit("aa"), "aaa".split("aa")', lambda: ("a,b,c".rsplit(",", 1), "  a  b c ".rsplit(None, 1), "a b c".rsplit(), "  a  b c ".rsplit(None, 0), "aaa".rsplit("aa"), "aaa".split("aa")))
check('"abc".split("")', lambda: "abc".split(""))
check('"abc".split(1)', lambda: "abc".split(1))
check('"abc".rsplit("")', lambda: "abc".rsplit(""))
check('"abc".split("a", "b")', lambda: "abc".split("a", "b"))
check('"日本 語".split(), "日,本".split(","), "日本語日".split("日"), "a🐍b🐍c".rsplit("🐍", 1)', lambda: ("日本 語".split(), "日,本".split(","), "日本語日".split("日"), "a🐍b🐍c".rsplit("🐍", 1)))
check('"a\\nb\\r\\nc\\rd".splitlines(), "a\\nb\\n".splitlines(True), "".splitlines(), "\\n".splitlines(), "a\\x0bb\\x0cc\\x1cd\\x1de\\x1ef\\x85g\\u2028h\\u2029i".splitlines(), "a\\r\\n\\r\\nb".splitlines(keepends=True)', lambda: ("a\nb\r\nc\rd".splitlines(), "a\nb\n".splitlines(True), "".splitlines(), "\n".splitlines(), "a\x0bb\x0cc\x1cd\x1de\x1ef\x85g\u2028h\u2029i".splitlines(), "a\r\n\r\nb".splitlines(keepends=True)))
check('"a=b=c".partition("="), "a=b=c".rpartition("="), "abc".partition("="), "abc".rpartition("="), "=".partition("=")', lambda: ("a=b=c".partition("="), "a=b=c".rpartition("="), "abc".partition("="), "abc".rpartition("="), "=".partition("=")))
check('"a".partition("")', lambda: "a".partition(""))
check('"a".partition(1)', lambda: "a".partition(1))
check('"  ab ".strip(), "  ab ".lstrip(), "  ab ".rstrip(), "xxabxx".strip("x"), "xyabyx".strip("xy"), "\\u2003a\\u00a0".strip(), "abc".strip(""), "éaé".strip("é"), "aaa".strip("a")', lambda: ("  ab ".strip(), "  ab ".lstrip(), "  ab ".rstrip(), "xxabxx".strip("x"), "xyabyx".strip("xy"), "\u2003a\u00a0".strip(), "abc".strip(""), "éaé".strip("é"), "aaa".strip("a")))
check('"a".strip(1)', lambda: "a".strip(1))
check('"a".lstrip(b"")', lambda: "a".lstrip(b""))
check('",".join(["a", "b", "c"]), ",".join([]), ",".join(["a"]), "".join(["a", "b"]), "-".join("abc"), ", ".join(str(i) for i in range(3)), "é".join(["a", "日", "c"]), ",".join({"k": 1})', lambda: (",".join(["a", "b", "c"]), ",".join([]), ",".join(["a"]), "".join(["a", "b"]), "-".join("abc"), ", ".join(str(i) for i in range(3)), "é".join(["a", "日", "c"]), ",".join({"k": 1})))
check('",".join(1)', lambda: ",".join(1))
check('",".join([1])', lambda: ",".join([1]))
check('",".join(["a", None])', lambda: ",".join(["a", None]))
check('",".join(("a", b"b"))', lambda: ",".join(("a", b"b")))
check('type(",".join([Text("a")])), type(Text("abc").strip()), type(Text("abc").replace("x", "y")), type(Text("a b").split()[0])', lambda: (type(",".join([Text("a")])), type(Text("abc").strip()), type(Text("abc").replace("x", "y")), type(Text("a b").split()[0])))
check('"abc".center(10), "abc".center(9, "*"), "abc".center(10, "é"), "abc".center(2), "abcd".center(9, "*"), "ab".center(5, "-"), "abc".ljust(6, "."), "abc".rjust(6, "日"), "abc".ljust(1)', lambda: ("abc".center(10), "abc".center(9, "*"), "abc".center(10, "é"), "abc".center(2), "abcd".center(9, "*"), "ab".center(5, "-"), "abc".ljust(6, "."), "abc".rjust(6, "日"), "abc".ljust(1)))
check('"abc".center(5, "ab")', lambda: "abc".center(5, "ab"))
check('"abc".center(5, 1)', lambda: "abc".center(5, 1))
check('"abc".center("a")', lambda: "abc".center("a"))
check('"abc".zfill(6), "-5".zfill(5), "+5".zfill(5), "".zfill(3), "-".zfill(3), "日".zfill(3), "12345".zfill(3), "--5".zfill(5)', lambda: ("abc".zfill(6), "-5".zfill(5), "+5".zfill(5), "".zfill(3), "-".zfill(3), "日".zfill(3), "12345".zfill(3), "--5".zfill(5)))
check('"a\\tb".expandtabs(), "a\\tb\\n\\tc".expandtabs(4), "\\t".expandtabs(0), "ab\\tc".expandtabs(2), "a\\tb".expandtabs(-1), "abc\\tde\\rf\\tg".expandtabs(tabsize=4)', lambda: ("a\tb".expandtabs(), "a\tb\n\tc".expandtabs(4), "\t".expandtabs(0), "ab\tc".expandtabs(2), "a\tb".expandtabs(-1), "abc\tde\rf\tg".expandtabs(tabsize=4)))
