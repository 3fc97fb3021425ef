# stress: 1000
"""Properties and case mappings of all characters, as numbers that change if one of them does."""
# Beyond the planes with letters of their own, some characters stand for all.

POINTS = [*range(0x3000), *range(0x3000, 0x110000, 997)]


def digest(function):
    total = 0
    for point in POINTS:
        for result in function(chr(point)):
            total = (total * 31 + result + point) % 1000000007
    return total


for name in (
    "isalpha isalnum isdecimal isdigit isnumeric isspace islower isupper istitle isprintable isidentifier isascii"
).split():
    method = getattr(str, name)
    print(name, sum(method(chr(point)) for point in POINTS), digest(lambda c: (method(c),)))
print("continues", sum(("a" + chr(point)).isidentifier() for point in POINTS))
for name in "upper lower title capitalize swapcase casefold".split():
    method = getattr(str, name)
    print(name, digest(lambda c: map(ord, method(c))))
print("sigma", digest(lambda c: map(ord, ("A" + c + "\u03a3").lower())))
print("sigma", digest(lambda c: map(ord, (c + "\u03a3" + c).lower())))
