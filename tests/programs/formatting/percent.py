"""%-formatting of strings."""


def check(text, function):
    try:
        print(text, "->", repr(function()))
    except Exception as error:
        print(text, "->", type(error).__name__ + ":", error)


class Text(str):
    pass


class Indexed:
    def __index__(self):
        return 10


class Inted:
    def __int__(self):
        return 11


check('"%d %i %u" % (1, 2, 3), "%d" % 3.99, "%d" % -3.99, "%d" % True, "%s" % True, "%d" % (2 ** 70), "%5d|%-5d|%05d|%+d|% d" % (42, 42, 42, 42, 42)', lambda: ("%d %i %u" % (1, 2, 3), "%d" % 3.99, "%d" % -3.99, "%d" % True, "%s" % True, "%d" % (2 ** 70), "%5d|%-5d|%05d|%+d|% d" % (42, 42, 42, 42, 42)))
check('"%x %X %#x %#X %o %#o" % (255, 255, 255, 255, 8, 8), "%x" % -255, "%#010x" % 255, "%x" % (2 ** 70), "%.5x" % 255, "%#.5x" % 255', lambda: ("%x %X %#x %#X %o %#o" % (255, 255, 255, 255, 8, 8), "%x" % -255, "%#010x" % 255, "%x" % (2 ** 70), "%.5x" % 255, "%#.5x" % 255))
check('"%f %.2f %10.3f %-10.3f| %010.3f %+f" % (1.5, 1.5, 1.5, 1.5, 1.5, 1.5), "%.0f %#.0f" % (2.5, 2.5), "%f" % 1, "%f" % float("inf"), "%F" % float("nan"), "%010f" % float("-inf"), "%f" % (10 ** 20)', lambda: ("%f %.2f %10.3f %-10.3f| %010.3f %+f" % (1.5, 1.5, 1.5, 1.5, 1.5, 1.5), "%.0f %#.0f" % (2.5, 2.5), "%f" % 1, "%f" % float("inf"), "%F" % float("nan"), "%010f" % float("-inf"), "%f" % (10 ** 20)))
check('"%e %.2e %E %g %G %.3g %#g" % (12345.678, 12345.678, 12345.678, 12345.678, 1e-10, 12345.678, 1.0)', lambda: "%e %.2e %E %g %G %.3g %#g" % (12345.678, 12345.678, 12345.678, 12345.678, 1e-10, 12345.678, 1.0))
check('"%s %r %a" % ("é", "é", "é"), "%5s|%-5s|%.2s|%5.1s" % ("abc", "abc", "abc", "abc"), "%s" % [1, 2], "%s" % None, "%s" % ((1, 2),), "%10r|" % "a", "%.3r" % "abcdef"', lambda: ("%s %r %a" % ("é", "é", "é"), "%5s|%-5s|%.2s|%5.1s" % ("abc", "abc", "abc", "abc"), "%s" % [1, 2], "%s" % None, "%s" % ((1, 2),), "%10r|" % "a", "%.3r" % "abcdef"))
check('"%c%c%c" % ("a", 98, 0x1F40D), "%5c|%-5c|" % ("a", "b"), "%c" % "日"', lambda: ("%c%c%c" % ("a", 98, 0x1F40D), "%5c|%-5c|" % ("a", "b"), "%c" % "日"))
check('"%%" % (), "100%%" % (), "a%%b%s" % 1', lambda: ("%%" % (), "100%%" % (), "a%%b%s" % 1))
check('"%5%" % ()', lambda: "%5%" % ())
check('"%5%" % 5', lambda: "%5%" % 5)
check('"%(a)%" % {"a": 1}', lambda: "%(a)%" % {"a": 1})
check('"%(a)s %(b)d" % {"a": 1, "b": 2}, "%(a)s %(a)s" % {"a": "x"}, "%(a b)s" % {"a b": 1}, "%(a(b))s" % {"a(b)": 1}, "%()s" % {"": 5}, "%(x)5.1f|" % {"x": 2.55}, "no" % {"a": 1}, "%s" % {"a": 1}', lambda: ("%(a)s %(b)d" % {"a": 1, "b": 2}, "%(a)s %(a)s" % {"a": "x"}, "%(a b)s" % {"a b": 1}, "%(a(b))s" % {"a(b)": 1}, "%()s" % {"": 5}, "%(x)5.1f|" % {"x": 2.55}, "no" % {"a": 1}, "%s" % {"a": 1}))
check('"%*d|%-*d|%.*f|%*.*f" % (5, 42, 5, 42, 2, 1.5, 8, 3, 1.5), "%*d|" % (-5, 42), "%.*d" % (-1, 5)', lambda: ("%*d|%-*d|%.*f|%*.*f" % (5, 42, 5, 42, 2, 1.5, 8, 3, 1.5), "%*d|" % (-5, 42), "%.*d" % (-1, 5)))
check('"%ld %hd %Lf" % (1, 2, 1.5), "%-05d|" % 42, "%+05d" % 42, "% 05d" % 42, "%+ d" % 42, "%.3d" % 5, "%+.3d" % -5, "%5.3d|%-6.3d|" % (5, 5), "%#o" % 0, "%.0d" % 0', lambda: ("%ld %hd %Lf" % (1, 2, 1.5), "%-05d|" % 42, "%+05d" % 42, "% 05d" % 42, "%+ d" % 42, "%.3d" % 5, "%+.3d" % -5, "%5.3d|%-6.3d|" % (5, 5), "%#o" % 0, "%.0d" % 0))
check('"%s" % ()', lambda: "%s" % ())
check('"%s %s" % 1', lambda: "%s %s" % 1)
check('"%s %s" % (1,)', lambda: "%s %s" % (1,))
check('"%s" % (1, 2)', lambda: "%s" % (1, 2))
check('"abc" % 1', lambda: "abc" % 1)
check('"abc" % (1,)', lambda: "abc" % (1,))
check('"abc" % (), "abc" % [], "abc" % {}', lambda: ("abc" % (), "abc" % [], "abc" % {}))
check('"%d" % "a"', lambda: "%d" % "a")
check('"%d" % None', lambda: "%d" % None)
check('"%d" % [1]', lambda: "%d" % [1])
check('"%d" % 1j', lambda: "%d" % 1j)
check('"%x" % 1.5', lambda: "%x" % 1.5)
check('"%x" % "a"', lambda: "%x" % "a")
check('"%o" % None', lambda: "%o" % None)
check('"%f" % "a"', lambda: "%f" % "a")
check('"%f" % None', lambda: "%f" % None)
check('"%e" % 10 ** 400', lambda: "%e" % 10 ** 400)
check('"%c" % "ab"', lambda: "%c" % "ab")
check('"%c" % ""', lambda: "%c" % "")
check('"%c" % -1', lambda: "%c" % -1)
check('"%c" % 0x110000', lambda: "%c" % 0x110000)
check('"%c" % 1.5', lambda: "%c" % 1.5)
check('"%c" % None', lambda: "%c" % None)
check('"%" % ()', lambda: "%" % ())
check('"%5" % 1', lambda: "%5" % 1)
check('"%z" % 1', lambda: "%z" % 1)
check('"%é" % 1', lambda: "%é" % 1)
check('"abc%" % 1', lambda: "abc%" % 1)
check('"%(a" % {}', lambda: "%(a" % {})
check('"%(a)s" % 1', lambda: "%(a)s" % 1)
check('"%(a)s" % {}', lambda: "%(a)s" % {})
check('"%(a)s" % (1,)', lambda: "%(a)s" % (1,))
check('"%*d" % ("a", 1)', lambda: "%*d" % ("a", 1))
check('"%*d" % (1,)', lambda: "%*d" % (1,))
check('"%.*f" % ("a", 1.0)', lambda: "%.*f" % ("a", 1.0))
check('"%99999999999999999999d" % 1', lambda: "%99999999999999999999d" % 1)
check('"%.99999999999999999999d" % 1', lambda: "%.99999999999999999999d" % 1)
check('"%1.1.1f" % 1', lambda: "%1.1.1f" % 1)
check('"%d" % float("nan")', lambda: "%d" % float("nan"))
check('"%d" % float("inf")', lambda: "%d" % float("inf"))
check('"%s" % Text("a"), type("%s" % Text("a")), Text("%s") % 1, type(Text("%s") % 1), "%d %x" % (Indexed(), Indexed()), "%i" % Inted()', lambda: ("%s" % Text("a"), type("%s" % Text("a")), Text("%s") % 1, type(Text("%s") % 1), "%d %x" % (Indexed(), Indexed()), "%i" % Inted()))
check('"%x" % Inted()', lambda: "%x" % Inted())
check('"é%s日" % "🐍", "%s" % "日", "%5s|" % "日", "%s%s" % ("é", "日"), "%-3s|" % "é"', lambda: ("é%s日" % "🐍", "%s" % "日", "%5s|" % "日", "%s%s" % ("é", "日"), "%-3s|" % "é"))
check('1 % "a"', lambda: 1 % "a")
check('"%s".__mod__(5), "%s".__rmod__("%s%%"), "%s".__rmod__(5)', lambda: ("%s".__mod__(5), "%s".__rmod__("%s%%"), "%s".__rmod__(5)))
