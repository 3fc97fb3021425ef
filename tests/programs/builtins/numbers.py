def t(f, *a, **k):
    try:
        print(f(*a, **k))
    except Exception as e:
        print(type(e).__name__ + ":", e)

print(abs(-5), abs(2.5), abs(-2 ** 70), abs(True), abs(3 + 4j)); t(abs, "a"); t(abs)
print(bin(5), bin(-5), bin(0), hex(255), hex(-255), oct(8), bin(2 ** 70), hex(2 ** 64), bin(True)); t(bin, 1.0); t(hex, "a"); t(oct)
class I:
    def __index__(self): return 10
print(bin(I()), hex(I()), chr(I()) == "\n", range(I())[I().__index__() - 1])
print(chr(97), chr(0x1F600), ord("a"), ord("\U0001F600"), ord(b"a"), ord(bytearray(b"z"))); t(chr, -1); t(chr, 0x110000); t(chr, "a"); t(chr, 2 ** 100); t(ord, "ab"); t(ord, ""); t(ord, 5); t(ord, b"ab")
print(divmod(7, 2), divmod(-7, 2), divmod(7, -2), divmod(7.5, 2), divmod(2 ** 70, 3), divmod(True, 2)); t(divmod, 1, 0); t(divmod, 1.0, 0); t(divmod, 1, "a"); t(divmod, 1)
print(pow(2, 10), pow(2, -1), pow(2, 10, 7), pow(3, -1, 7), pow(2.0, 3), pow(-2, 3, 5), pow(2, 100, 10 ** 9 + 7), pow(base=2, exp=3), pow(2, 3, mod=5), pow(0, 0), pow(5, 2, None)); t(pow, 2, 3, 0); t(pow, 2, "a"); t(pow, 2, 3, "a"); t(pow, 2.0, 3, 5); t(pow, 2, -1, 4); t(pow, 2)
print(round(2.5), round(3.5), round(2.567, 2), round(1234, -2), round(5), round(-2.5), round(1e300), round(2.5, None), round(1.5, 0), round(number=2.7, ndigits=1), round(True)); t(round, "a"); t(round, 1.5, "x"); t(round, float("inf")); t(round, float("nan"))
print(sum([1, 2, 3]), sum([]), sum([1.5, 2]), sum([[1], [2]], []), sum((), 5), sum([1], start=10), sum(x for x in [1, 2]), sum([True, True]), sum([0.1] * 10), sum([1e16, 1, -1e16]), sum([2 ** 62, 2 ** 62]), sum([1, 2.5, 3]), sum([1j, 2]))
t(sum, ["a"]); t(sum, ["a"], ""); t(sum, [b"a"], b""); t(sum, 5); t(sum, [], bytearray()); t(sum, [1], "x"); t(sum)
print(max(1, 2, 3), min([3, 1, 2]), max("abc"), min("a", "b"), max([1, 2], key=lambda x: -x), max([], default="d"), min((), default=None), max([(1, "b"), (1, "a")]), max(1, 1.0), max(True, 1), min(0, False), max({1: 5, 2: 3}, key={1: 5, 2: 3}.get), max("a", "b", key=ord), min([3, 1, 1.0]))
t(max); t(max, []); t(min, []); t(max, 5); t(max, 1, "a"); t(max, 1, 2, default=3); t(max, [1], key=5); t(max, [1], foo=1); t(min, [1, None])
print(hash(5), hash(5.0), hash("") , hash(-1), hash(2 ** 61 - 1), hash(True)); t(hash, []); t(hash); t(hash, 1, 2)
print(complex(1, 2), int("12"), float("1.5"), bool([]), int(3.9), str(5), repr("a"), ascii("é\U0001F600"), format(3.14159, ".2f"), format(5, "x"), format("a", ">3"), format(None)); t(format, 1, 2); t(format, 1, "zz"); t(format, [], "x"); t(ascii)
class Num:
    def __abs__(self): return "abs"
    def __round__(self, n=None): return ("round", n)
    def __divmod__(self, o): return ("divmod", o)
    def __rdivmod__(self, o): return ("rdivmod", o)
    def __pow__(self, o, m=None): return ("pow", o, m)
    def __rpow__(self, o, m=None): return ("rpow", o)
    def __radd__(self, o): return ("radd", o)
    def __format__(self, s): return f"<{s}>"
n = Num(); print(abs(n), round(n), round(n, 2), divmod(n, 1), divmod(1, n), pow(n, 2), pow(n, 2, 3), pow(2, n), sum([n]), format(n, "spec"), f"{n:q}")
