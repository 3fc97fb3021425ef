"""Properties and case mappings of all characters, as numbers that change if one of them does."""


def digest(function):
    total = 0
    for point in range(0x110000):
        for result in function(chr(point)):
            total = (total * 31 + result + point) % 1000000007
    return total


for name in (
    "isalpha isalnum isdecimal isdigit isnumeric isspace islower isupper istitle isprintable isidentifier isascii"
).split():
    method = getattr(str, name)
    print(name, sum(method(chr(point)) for point in range(0x110000)), digest(lambda c: (method(c),)))
print("continues", sum(("a" + chr(point)).isidentifier() for point in range(0x110000)))
for name in "upper lower title capitalize swapcase casefold".split():
    method = getattr(str, name)
    print(name, digest(lambda c: map(ord, method(c))))
print("sigma", digest(lambda c: map(ord, ("A" + c + "\u03a3").lower())))
print("sigma", digest(lambda c: map(ord, (c + "\u03a3" + c).lower())))
