"""`str.format` and `format_map`."""


def check(text, function):
    try:
        print(text, "->", repr(function()))
    except Exception as error:
        print(text, "->", type(error).__name__ + ":", error)


class Text(str):
    pass


class Thing:
    b = {"c": "found"}


class Default(dict):
    def __missing__(self, key):
        return "<" + key + ">"


check('"{}".format(1), "{} {}".format(1, 2), "{0} {1} {0}".format(1, 2), "{a} {b}".format(a=1, b=2), "{{}}".format(), "{{{}}}".format(1), "".format(), "abc".format(1, 2, x=3)', lambda: ("{}".format(1), "{} {}".format(1, 2), "{0} {1} {0}".format(1, 2), "{a} {b}".format(a=1, b=2), "{{}}".format(), "{{{}}}".format(1), "".format(), "abc".format(1, 2, x=3)))
check('"{:>5}|{:<5}|{:^5}|{:05.1f}".format(1, 2, 3, 4), "{0:x} {0:o} {0:b} {0:c}".format(65), "{:,}".format(1234567), "{:{}}".format(1, 5), "{:{}.{}f}".format(3.14159, 8, 2), "{:{w}.{p}}".format("abcdef", w=8, p=3), "{0:{1}}".format(1, 4)', lambda: ("{:>5}|{:<5}|{:^5}|{:05.1f}".format(1, 2, 3, 4), "{0:x} {0:o} {0:b} {0:c}".format(65), "{:,}".format(1234567), "{:{}}".format(1, 5), "{:{}.{}f}".format(3.14159, 8, 2), "{:{w}.{p}}".format("abcdef", w=8, p=3), "{0:{1}}".format(1, 4)))
check('"{0.real} {0.imag}".format(5), "{.real}".format(5), "{0[1]}".format([1, 2]), "{[a]}".format({"a": 2}), "{0[a][0]}".format({"a": [5]}), "{a.b[c]}".format(a=Thing()), "{0[-1]}".format({"-1": 5}), "{0[ a ]}".format({" a ": 1}), "{0[{]}".format({"{": 1}), "{x.__class__.__name__}".format(x=1)', lambda: ("{0.real} {0.imag}".format(5), "{.real}".format(5), "{0[1]}".format([1, 2]), "{[a]}".format({"a": 2}), "{0[a][0]}".format({"a": [5]}), "{a.b[c]}".format(a=Thing()), "{0[-1]}".format({"-1": 5}), "{0[ a ]}".format({" a ": 1}), "{0[{]}".format({"{": 1}), "{x.__class__.__name__}".format(x=1)))
check('"{!r} {!s} {!a}".format("é", "é", "é"), "{0!r:>6}|".format("a"), "{x!s:^5}|".format(x=1), "{!r:}".format("a")', lambda: ("{!r} {!s} {!a}".format("é", "é", "é"), "{0!r:>6}|".format("a"), "{x!s:^5}|".format(x=1), "{!r:}".format("a")))
check('"{:{!r}}".format(5, ">3")', lambda: "{:{!r}}".format(5, ">3"))
check('"{}".format()', lambda: "{}".format())
check('"{1}".format(1)', lambda: "{1}".format(1))
check('"{a}".format()', lambda: "{a}".format())
check('"{a}".format(b=1)', lambda: "{a}".format(b=1))
check('"{0}{}".format(1, 2)', lambda: "{0}{}".format(1, 2))
check('"{}{0}".format(1, 2)', lambda: "{}{0}".format(1, 2))
check('"{".format()', lambda: "{".format())
check('"}".format()', lambda: "}".format())
check('"{a".format(a=1)', lambda: "{a".format(a=1))
check('"{}}".format(1)', lambda: "{}}".format(1))
check('"{:}}".format(1)', lambda: "{:}}".format(1))
check('"{!}".format(1)', lambda: "{!}".format(1))
check('"{!x}".format(1)', lambda: "{!x}".format(1))
check('"{!r".format(1)', lambda: "{!r".format(1))
check('"{!rx}".format(1)', lambda: "{!rx}".format(1))
check('"{0!".format(1)', lambda: "{0!".format(1))
check('"{0.}".format(1)', lambda: "{0.}".format(1))
check('"{0..a}".format(1)', lambda: "{0..a}".format(1))
check('"{0[]}".format(1)', lambda: "{0[]}".format(1))
check('"{0[}".format(1)', lambda: "{0[}".format(1))
check('"{0[a}".format(1)', lambda: "{0[a}".format(1))
check('"{0[1]x}".format([1, 2])', lambda: "{0[1]x}".format([1, 2]))
check('"{0]}".format(1)', lambda: "{0]}".format(1))
check('"{:{:{}}}".format(1, 2, 3)', lambda: "{:{:{}}}".format(1, 2, 3))
check('"{:{".format(1)', lambda: "{:{".format(1))
check('"{:{}".format(1)', lambda: "{:{}".format(1))
check('"{99999999999999999999}".format(1)', lambda: "{99999999999999999999}".format(1))
check('"{0[99999999999999999999]}".format([1])', lambda: "{0[99999999999999999999]}".format([1]))
check('"{-1}".format(1)', lambda: "{-1}".format(1))
check('"{ }".format(1)', lambda: "{ }".format(1))
check('"{0 }".format(1)', lambda: "{0 }".format(1))
check('"{a b}".format(**{"a b": 1})', lambda: "{a b}".format(**{"a b": 1}))
check('"{!é}".format(1)', lambda: "{!é}".format(1))
check('"{a{b}}".format(1)', lambda: "{a{b}}".format(1))
check('"{a.b}".format(a=1)', lambda: "{a.b}".format(a=1))
check('"{0[5]}".format([1])', lambda: "{0[5]}".format([1]))
check('"{0[a]}".format({})', lambda: "{0[a]}".format({}))
check('"{0[a]}".format([1])', lambda: "{0[a]}".format([1]))
check('"{:d}".format("a")', lambda: "{:d}".format("a"))
check('"{:[}".format(1)', lambda: "{:[}".format(1))
check('"{a}".format_map({"a": 1}), "{a[0]}{b.real}".format_map({"a": [1], "b": 2}), "{a} {b}".format_map(Default()), "{a!r:>5}".format_map({"a": "x"})', lambda: ("{a}".format_map({"a": 1}), "{a[0]}{b.real}".format_map({"a": [1], "b": 2}), "{a} {b}".format_map(Default()), "{a!r:>5}".format_map({"a": "x"})))
check('"{}".format_map({})', lambda: "{}".format_map({}))
check('"{0}".format_map({0: 1})', lambda: "{0}".format_map({0: 1}))
check('"{a}".format_map({})', lambda: "{a}".format_map({}))
check('"{a}".format_map(5)', lambda: "{a}".format_map(5))
check('"{a}".format_map([1])', lambda: "{a}".format_map([1]))
check('"{日}".format(日=1), "é{}日".format("🐍"), "{:é>3}".format(1), "{0[日]}".format({"日": 1})', lambda: ("{日}".format(日=1), "é{}日".format("🐍"), "{:é>3}".format(1), "{0[日]}".format({"日": 1})))
check('"{} {}".format(*[1, 2]), "{a}".format(**{"a": 1}), str.format("{}", 1), "{:s}".format(Text("a")), "{}".format(Text("a"))', lambda: ("{} {}".format(*[1, 2]), "{a}".format(**{"a": 1}), str.format("{}", 1), "{:s}".format(Text("a")), "{}".format(Text("a"))))
check('type("{}".format(Text("a"))), type(Text("{}").format(1))', lambda: (type("{}".format(Text("a"))), type(Text("{}").format(1))))
