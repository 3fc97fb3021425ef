"""Format specifications of floats."""


def check(text, function):
    try:
        print(text, "->", repr(function()))
    except Exception as error:
        print(text, "->", type(error).__name__ + ":", error)


check('format(3.14159), format(3.14159, "f"), format(3.14159, ".2f"), format(3.14159, "10.3f"), format(3.14159, "<10.3f") + "|", format(-3.14159, "010.2f"), format(3.14159, "+.0f"), format(3.14159, "#.0f"), format(2.5, ".0f"), format(3.5, ".0f"), format(0.5, ".0f")', lambda: (format(3.14159), format(3.14159, "f"), format(3.14159, ".2f"), format(3.14159, "10.3f"), format(3.14159, "<10.3f") + "|", format(-3.14159, "010.2f"), format(3.14159, "+.0f"), format(3.14159, "#.0f"), format(2.5, ".0f"), format(3.5, ".0f"), format(0.5, ".0f")))
check('format(1234567.891, ","), format(1234567.891, ",.2f"), format(1234567.891, "_.1f"), format(1234.5, "015,.2f"), format(1e10, ","), format(-1234.5, ",.1f"), format(999.9, ",.0f")', lambda: (format(1234567.891, ","), format(1234567.891, ",.2f"), format(1234567.891, "_.1f"), format(1234.5, "015,.2f"), format(1e10, ","), format(-1234.5, ",.1f"), format(999.9, ",.0f")))
check('format(12345.678, "e"), format(12345.678, ".2e"), format(12345.678, ".0e"), format(12345.678, "#.0e"), format(0.00012345, "E"), format(0.0, "e"), format(1e-10, ".3e"), format(1e100, "e"), format(1e-300, ".17e")', lambda: (format(12345.678, "e"), format(12345.678, ".2e"), format(12345.678, ".0e"), format(12345.678, "#.0e"), format(0.00012345, "E"), format(0.0, "e"), format(1e-10, ".3e"), format(1e100, "e"), format(1e-300, ".17e")))
check('format(12345.678, "g"), format(1234567.8, "g"), format(0.0001, "g"), format(0.00001, "g"), format(12345.678, ".3g"), format(1.0, "g"), format(1.0, "#g"), format(100000.0, "g"), format(1000000.0, "g"), format(1e20, "G"), format(123456789.0, ".10g"), format(0.0, "g"), format(1.5, ".0g"), format(9.9999995, "g")', lambda: (format(12345.678, "g"), format(1234567.8, "g"), format(0.0001, "g"), format(0.00001, "g"), format(12345.678, ".3g"), format(1.0, "g"), format(1.0, "#g"), format(100000.0, "g"), format(1000000.0, "g"), format(1e20, "G"), format(123456789.0, ".10g"), format(0.0, "g"), format(1.5, ".0g"), format(9.9999995, "g")))
check('format(0.256, "%"), format(0.256, ".1%"), format(1.5, ".0%"), format(12.5, ",.1%"), format(0.005, "08.1%")', lambda: (format(0.256, "%"), format(0.256, ".1%"), format(1.5, ".0%"), format(12.5, ",.1%"), format(0.005, "08.1%")))
check('format(1.0), format(1e16), format(1e15), format(1.0, ""), format(1.0, "5"), format(1.0, ".3"), format(1e10, ".3"), format(123.456, ".4"), format(1e5, ".6"), format(1e6, ".6"), format(0.1, ".20"), format(100.0, ".3"), format(1.5, "10") + "|", format(1e22, ""), format(1e22, "10")', lambda: (format(1.0), format(1e16), format(1e15), format(1.0, ""), format(1.0, "5"), format(1.0, ".3"), format(1e10, ".3"), format(123.456, ".4"), format(1e5, ".6"), format(1e6, ".6"), format(0.1, ".20"), format(100.0, ".3"), format(1.5, "10") + "|", format(1e22, ""), format(1e22, "10")))
check('format(float("nan")), format(float("inf"), "f"), format(float("-inf"), "10"), format(float("nan"), "010"), format(float("inf"), "+F"), format(float("-inf"), "010"), format(float("inf"), ","), format(float("nan"), "e"), format(float("inf"), "%"), format(float("nan"), "E")', lambda: (format(float("nan")), format(float("inf"), "f"), format(float("-inf"), "10"), format(float("nan"), "010"), format(float("inf"), "+F"), format(float("-inf"), "010"), format(float("inf"), ","), format(float("nan"), "e"), format(float("inf"), "%"), format(float("nan"), "E")))
check('format(-0.0), format(-0.0, "f"), format(-0.0, "z"), format(-0.001, "z.1f"), format(-0.001, ".1f"), format(-1.5, "z.0f"), format(-0.4, "z.0f"), format(-0.0, "+z.1f"), format(0.0, "+z"), format(-0.0001, "z.2e")', lambda: (format(-0.0), format(-0.0, "f"), format(-0.0, "z"), format(-0.001, "z.1f"), format(-0.001, ".1f"), format(-1.5, "z.0f"), format(-0.4, "z.0f"), format(-0.0, "+z.1f"), format(0.0, "+z"), format(-0.0001, "z.2e")))
check('format(2.675, ".2f"), format(0.125, ".2f"), format(0.375, ".2f"), format(1e23, ".1f"), format(5e-324, ".3e"), format(1.7976931348623157e308, ".5e"), format(0.1, ".30f"), format(1 / 3, ".50f"), format(2 ** 0.5, ".40e")', lambda: (format(2.675, ".2f"), format(0.125, ".2f"), format(0.375, ".2f"), format(1e23, ".1f"), format(5e-324, ".3e"), format(1.7976931348623157e308, ".5e"), format(0.1, ".30f"), format(1 / 3, ".50f"), format(2 ** 0.5, ".40e")))
check('format(1.0, "n"), format(1234567.5, "n"), format(1e20, "n")', lambda: (format(1.0, "n"), format(1234567.5, "n"), format(1e20, "n")))
check('format(1.5, "d")', lambda: format(1.5, "d"))
check('format(1.5, "x")', lambda: format(1.5, "x"))
check('format(1.5, "s")', lambda: format(1.5, "s"))
check('format(1.5, "c")', lambda: format(1.5, "c"))
check('format(1.5, ".99999999999999999999f")', lambda: format(1.5, ".99999999999999999999f"))
check('format(1.5, ",n")', lambda: format(1.5, ",n"))
check('len(format(1.5, ".1000f")), format(1.5, ".1000f")[-3:], len(format(1.5, ".5000e")), format(1.5, ".2000g"), len(format(1.5, "#.2000g"))', lambda: (len(format(1.5, ".1000f")), format(1.5, ".1000f")[-3:], len(format(1.5, ".5000e")), format(1.5, ".2000g"), len(format(1.5, "#.2000g"))))
check('format(1.5, "é^9"), format(-1.5, "=8"), format(1.5, "=+8"), format(1.5, "<08"), format(1e300, "f")[:20]', lambda: (format(1.5, "é^9"), format(-1.5, "=8"), format(1.5, "=+8"), format(1.5, "<08"), format(1e300, "f")[:20]))
check('format(123456.789, ".1f"), format(999999.5, ".0f"), format(0.5, ".1%"), format(1e-7, "f"), format(1.23e-5, "")', lambda: (format(123456.789, ".1f"), format(999999.5, ".0f"), format(0.5, ".1%"), format(1e-7, "f"), format(1.23e-5, "")))
