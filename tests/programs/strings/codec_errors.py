"""What UnicodeEncodeError and UnicodeDecodeError tell; handlers written in Python."""

import codecs

for function in (
    lambda: "aéb".encode("ascii"),
    lambda: b"a\xe2\x82b".decode(),
    lambda: "\ud800".encode(),
    lambda: b"\xff\xff".decode("ascii"),
):
    try:
        function()
    except UnicodeError as error:
        print(type(error).__name__, error.encoding, ascii(error.object), error.start, error.end, error.reason)
        print(error)


def bracket(error):
    if isinstance(error, UnicodeEncodeError):
        return "[" + "".join(f"{ord(c):x}" for c in error.object[error.start : error.end]) + "]", error.end
    return "<" + error.object[error.start : error.end].hex() + ">", error.end


codecs.register_error("bracket", bracket)
print("aé日b".encode("ascii", "bracket"))
print(b"a\xff\xe2\x82b".decode("utf-8", "bracket"))
print("a\ud800b".encode("utf-8", "bracket"))
codecs.register_error("bad", lambda error: ("x", 100))
try:
    "é".encode("ascii", "bad")
except IndexError as error:
    print("IndexError:", error)
codecs.register_error("worse", lambda error: 5)
try:
    b"\xff".decode("ascii", "worse")
except TypeError as error:
    print("TypeError:", error)
print(codecs.lookup_error("bracket") is bracket)
try:
    codecs.lookup_error("absent")
except LookupError as error:
    print("LookupError:", error)
