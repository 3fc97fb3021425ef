"""Format specifications of strings and other objects."""


def check(text, function):
    try:
        print(text, "->", repr(function()))
    except Exception as error:
        print(text, "->", type(error).__name__ + ":", error)


class Fixed:
    def __format__(self, spec):
        return f"fixed({spec})"

    def __str__(self):
        return "str"


check('format("abc"), format("abc", "s"), format("abc", "6") + "|", format("abc", ">6"), format("abc", "^6") + "|", format("abc", "*^7"), format("abc", ".2"), format("abc", "5.2") + "|", format("abc", ".0"), format("日本", "*>5"), format("abc", "日^7"), format("abc", "10.1s") + "|", format("", "3") + "|", format("abc", "2")', lambda: (format("abc"), format("abc", "s"), format("abc", "6") + "|", format("abc", ">6"), format("abc", "^6") + "|", format("abc", "*^7"), format("abc", ".2"), format("abc", "5.2") + "|", format("abc", ".0"), format("日本", "*>5"), format("abc", "日^7"), format("abc", "10.1s") + "|", format("", "3") + "|", format("abc", "2")))
check('format("abc", "06"), format("abc", "0<6"), format("abc", "<06")', lambda: (format("abc", "06"), format("abc", "0<6"), format("abc", "<06")))
check('format("abc", "d")', lambda: format("abc", "d"))
check('format("abc", "+")', lambda: format("abc", "+"))
check('format("abc", " ")', lambda: format("abc", " "))
check('format("abc", "#")', lambda: format("abc", "#"))
check('format("abc", "z")', lambda: format("abc", "z"))
check('format("abc", "=5")', lambda: format("abc", "=5"))
check('format("abc", ",")', lambda: format("abc", ","))
check('format("abc", "_")', lambda: format("abc", "_"))
check('format("abc", "ab")', lambda: format("abc", "ab"))
check('format("abc", ".")', lambda: format("abc", "."))
check('format("abc", "\\x7f")', lambda: format("abc", "\x7f"))
check('format(None), format([1, 2]), format(None, "")', lambda: (format(None), format([1, 2]), format(None, "")))
check('format(None, "5")', lambda: format(None, "5"))
check('format([1], "d")', lambda: format([1], "d"))
check('format((), ">10")', lambda: format((), ">10"))
check('format(object, "x")', lambda: format(object, "x"))
check('format(Fixed(), "x"), format(Fixed()), f"{Fixed():{\'y\'}}"', lambda: (format(Fixed(), "x"), format(Fixed()), f"{Fixed():{'y'}}"))
check('format(1, None)', lambda: format(1, None))
check('format("a", "%d" % 5) + "|"', lambda: format("a", "%d" % 5) + "|")
check('"abc".__format__("5") + "|"', lambda: "abc".__format__("5") + "|")
check('"abc".__format__(5)', lambda: "abc".__format__(5))
check('object().__format__("") == str(object()) or True', lambda: object().__format__("") == str(object()) or True)
check('object().__format__("x")', lambda: object().__format__("x"))
check('f"{\'a\':>{5}}", f"{\'a\':{\'*\'}^{5}}", f"{3.14159:.{2}f}", f"{3.14159:{8}.{3}}", f"{10:{\'#\'}x}", f"{\'a\' \'b\'}", f"{1}{2}{\'c\'}", f"{{}}", f"{1:}" , f"{\'x\':5}|", f"{12:05d}|{12:<5}|{12:^5}|"', lambda: (f"{'a':>{5}}", f"{'a':{'*'}^{5}}", f"{3.14159:.{2}f}", f"{3.14159:{8}.{3}}", f"{10:{'#'}x}", f"{'a' 'b'}", f"{1}{2}{'c'}", f"{{}}", f"{1:}" , f"{'x':5}|", f"{12:05d}|{12:<5}|{12:^5}|"))
check('f"{1 + 1 = }", f"{\'a\'!r:>6}", f"{1.5=:.2f}", f"{\'é\'!a:>8}", f"{Fixed()!s}"', lambda: (f"{1 + 1 = }", f"{'a'!r:>6}", f"{1.5=:.2f}", f"{'é'!a:>8}", f"{Fixed()!s}"))
