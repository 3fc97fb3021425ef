"""Format specifications of ints."""


def check(text, function):
    try:
        print(text, "->", repr(function()))
    except Exception as error:
        print(text, "->", type(error).__name__ + ":", error)


check('format(42), format(42, "d"), format(42, "5"), format(42, "<5") + "|", format(42, "^6") + "|", format(42, "*>6"), format(42, "=+6"), format(-42, "=6"), format(-42, "06"), format(42, "+"), format(42, " "), format(42, "-")', lambda: (format(42), format(42, "d"), format(42, "5"), format(42, "<5") + "|", format(42, "^6") + "|", format(42, "*>6"), format(42, "=+6"), format(-42, "=6"), format(-42, "06"), format(42, "+"), format(42, " "), format(42, "-")))
check('format(255, "x"), format(255, "X"), format(255, "#x"), format(255, "#X"), format(255, "o"), format(255, "#o"), format(255, "b"), format(255, "#b"), format(-255, "#010x"), format(255, "#06x"), format(2 ** 70, "x"), format(-(2 ** 70), "#b")', lambda: (format(255, "x"), format(255, "X"), format(255, "#x"), format(255, "#X"), format(255, "o"), format(255, "#o"), format(255, "b"), format(255, "#b"), format(-255, "#010x"), format(255, "#06x"), format(2 ** 70, "x"), format(-(2 ** 70), "#b")))
check('format(1234567, ","), format(1234567, "_"), format(-1234567, ","), format(1234, "010,"), format(1234, "08,"), format(1234, "09,"), format(0xABCDEF12, "_x"), format(0xABCDEF, "#_b"), format(12, "06_"), format(1234567, "<15,") + "|", format(1234567, "+,d"), format(123, ","), format(2 ** 70, ",")', lambda: (format(1234567, ","), format(1234567, "_"), format(-1234567, ","), format(1234, "010,"), format(1234, "08,"), format(1234, "09,"), format(0xABCDEF12, "_x"), format(0xABCDEF, "#_b"), format(12, "06_"), format(1234567, "<15,") + "|", format(1234567, "+,d"), format(123, ","), format(2 ** 70, ",")))
check('format(65, "c"), format(0x1F40D, "c"), format(65, "5c") + "|", format(65, "<5c") + "|", format(0x65E5, "*^5c")', lambda: (format(65, "c"), format(0x1F40D, "c"), format(65, "5c") + "|", format(65, "<5c") + "|", format(0x65E5, "*^5c")))
check('format(3, "f"), format(3, ".2f"), format(3, "e"), format(3, "g"), format(3, "%"), format(12345678, ",.2f"), format(2 ** 70, "e"), format(10 ** 20, ".3g"), format(5, "n"), format(1234567, "n"), format(3, "F"), format(3, "E"), format(3, "G")', lambda: (format(3, "f"), format(3, ".2f"), format(3, "e"), format(3, "g"), format(3, "%"), format(12345678, ",.2f"), format(2 ** 70, "e"), format(10 ** 20, ".3g"), format(5, "n"), format(1234567, "n"), format(3, "F"), format(3, "E"), format(3, "G")))
check('format(True), format(True, "d"), format(True, "5"), format(False, "x"), format(True, "")', lambda: (format(True), format(True, "d"), format(True, "5"), format(False, "x"), format(True, "")))
check('format(42, "é>5"), format(42, "日^6"), format(42, ">>5"), format(42, "<<5"), format(42, "{<5"), format(42, "=5"), format(42, "0=5"), format(-42, "*=6"), format(42, "0<5"), format(42, "00005"), format(-42, "^08")', lambda: (format(42, "é>5"), format(42, "日^6"), format(42, ">>5"), format(42, "<<5"), format(42, "{<5"), format(42, "=5"), format(42, "0=5"), format(-42, "*=6"), format(42, "0<5"), format(42, "00005"), format(-42, "^08")))
check('format(42, "q")', lambda: format(42, "q"))
check('format(42, "s")', lambda: format(42, "s"))
check('format(42, ".3")', lambda: format(42, ".3"))
check('format(42, ".")', lambda: format(42, "."))
check('format(42, "z")', lambda: format(42, "z"))
check('format(42, "+c")', lambda: format(42, "+c"))
check('format(42, "#c")', lambda: format(42, "#c"))
check('format(-1, "c")', lambda: format(-1, "c"))
check('format(0x110000, "c")', lambda: format(0x110000, "c"))
check('format(42, ",_")', lambda: format(42, ",_"))
check('format(42, "_,")', lambda: format(42, "_,"))
check('format(42, ",,")', lambda: format(42, ",,"))
check('format(42, ",b")', lambda: format(42, ",b"))
check('format(42, ",n")', lambda: format(42, ",n"))
check('format(42, ",c")', lambda: format(42, ",c"))
check('format(42, "ab")', lambda: format(42, "ab"))
check('format(42, "5d5")', lambda: format(42, "5d5"))
check('format(42, "99999999999999999999")', lambda: format(42, "99999999999999999999"))
check('format(42, "é")', lambda: format(42, "é"))
check('format(42, "\\x01")', lambda: format(42, "\x01"))
check('format(42, "z.0f"), format(-0, "zf")', lambda: (format(42, "z.0f"), format(-0, "zf")))
check('format(10 ** 400, "f")', lambda: format(10 ** 400, "f"))
check('format(42, 5)', lambda: format(42, 5))
check('(42).__format__("5"), (42).__format__("")', lambda: ((42).__format__("5"), (42).__format__("")))
check('(42).__format__(5)', lambda: (42).__format__(5))
check('format(42, "20d"), format(42, "-^20"), format(0, "05"), format(0, ","), format(-0, "+d")', lambda: (format(42, "20d"), format(42, "-^20"), format(0, "05"), format(0, ","), format(-0, "+d")))
