"""Prints an object that is marshalled in a file, one item a line, and what CPython makes of it when it marshals it."""
import marshal
import sys

with open(sys.argv[1], "rb") as file:
    value = marshal.load(file)
for item in value:
    print(type(item).__name__, sorted(item, key=ascii) if isinstance(item, (set, frozenset)) else ascii(item))
print(marshal.dumps(value).hex())
