"""`translate` and `maketrans`."""


def check(text, function):
    try:
        print(text, "->", repr(function()))
    except Exception as error:
        print(text, "->", type(error).__name__ + ":", error)


class Table:
    def __getitem__(self, key):
        if key == 97:
            raise LookupError
        return chr(key).upper()


class Broken:
    def __getitem__(self, key):
        raise ZeroDivisionError("broken")


check('str.maketrans("ab", "cd"), str.maketrans("ab", "cd", "e"), str.maketrans({"a": "x", 98: None}), str.maketrans({})', lambda: (str.maketrans("ab", "cd"), str.maketrans("ab", "cd", "e"), str.maketrans({"a": "x", 98: None}), str.maketrans({})))
check('"abcabc".translate(str.maketrans("ab", "xy")), "abc".translate({97: "日本", 98: None, 99: 0x1F40D}), "abc".translate({}), "hello".translate(str.maketrans("", "", "l"))', lambda: ("abcabc".translate(str.maketrans("ab", "xy")), "abc".translate({97: "日本", 98: None, 99: 0x1F40D}), "abc".translate({}), "hello".translate(str.maketrans("", "", "l"))))
check('"abc".translate("xyz" * 40), "abc".translate(["x"] * 98), "aé".translate({233: "e"}), "abc".translate(Table())', lambda: ("abc".translate("xyz" * 40), "abc".translate(["x"] * 98), "aé".translate({233: "e"}), "abc".translate(Table())))
check('str.maketrans(1)', lambda: str.maketrans(1))
check('str.maketrans("a")', lambda: str.maketrans("a"))
check('str.maketrans("a", "bc")', lambda: str.maketrans("a", "bc"))
check('str.maketrans("a", 1)', lambda: str.maketrans("a", 1))
check('str.maketrans(1, "a")', lambda: str.maketrans(1, "a"))
check('str.maketrans("a", "b", 1)', lambda: str.maketrans("a", "b", 1))
check('str.maketrans({"ab": 1})', lambda: str.maketrans({"ab": 1}))
check('str.maketrans({1.5: 1})', lambda: str.maketrans({1.5: 1}))
check('"abc".translate(1)', lambda: "abc".translate(1))
check('"abc".translate({97: 0x110000})', lambda: "abc".translate({97: 0x110000}))
check('"abc".translate({97: -1})', lambda: "abc".translate({97: -1}))
check('"abc".translate({97: 1.5})', lambda: "abc".translate({97: 1.5}))
check('"abc".translate(Broken())', lambda: "abc".translate(Broken()))
