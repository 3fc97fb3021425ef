"""Views of bytes and bytearrays."""


def attempt(text, function):
    try:
        print(text, "->", function())
    except Exception as error:
        print(text, "->", f"{type(error).__name__}: {error}")


view = memoryview(b"abcdef")
print(len(view), view[0], view[-1], bytes(view[1:3]), view[::2].tobytes(), view[::-1].tolist(), view.tolist())
print(view.readonly, view.format, view.itemsize, view.nbytes, view.ndim, view.shape, view.strides, view.contiguous)
print(view == b"abcdef", view == memoryview(b"abcdef"), view[1:] == b"bcdef", view != b"x", view == "a", view[::2] == b"ace")
print(hash(view) == hash(b"abcdef"), view.hex(), view.hex(":", 2), list(view)[:2], 97 in view, view.obj)
array = bytearray(b"hello")
view = memoryview(array)
view[0] = 72
view[1:3] = b"EL"
view[::2] = b"123"
print(array, view.readonly, bytes(view.toreadonly()))
for text, function in (
    ("read only", lambda: memoryview(b"a").__setitem__(0, 1)),
    ("index", lambda: view[9]),
    ("key", lambda: view["a"]),
    ("value", lambda: view.__setitem__(0, 256)),
    ("type", lambda: view.__setitem__(0, "a")),
    ("structure", lambda: view.__setitem__(slice(0, 2), b"abc")),
    ("hash", lambda: hash(view)),
    ("str", lambda: memoryview("a")),
    ("int", lambda: memoryview(5)),
    ("cast", lambda: view.cast("i")),
    ("format", lambda: view.cast("z")),
):
    attempt(text, function)
ints = memoryview(bytearray(8)).cast("i")
ints[0] = -2
ints[1] = 2**31 - 1
print(ints.tolist(), ints.format, ints.itemsize, ints.nbytes, len(ints), ints.tobytes(), ints.cast("B").tolist())
attempt("range", lambda: ints.__setitem__(0, 2**31))
doubles = memoryview(bytearray(16)).cast("d")
doubles[1] = 1.5
print(doubles.tolist(), doubles[1:].tolist())
with memoryview(b"xyz") as view:
    print(bytes(view))
attempt("released", lambda: view[0])
attempt("released", lambda: len(view))
view.release()
print(memoryview(memoryview(b"ab")).tobytes(), b"-".join([memoryview(b"a"), b"b"]), bytearray(memoryview(b"q")))
print(int.from_bytes(memoryview(b"\\x01\\x02")), b"abc".find(memoryview(b"c")), bytes(memoryview(bytearray(b"z"))))
