# What cannot fit raises MemoryError or OverflowError and leaves everything usable.
import sys
def t(f):
    try: f(); print("fits")
    except (MemoryError, OverflowError, ValueError) as e: print(type(e).__name__, e)
n = 10 ** 17
t(lambda: [0] * n); t(lambda: (0,) * n); t(lambda: "ab" * n); t(lambda: b"ab" * n); t(lambda: bytearray(n)); t(lambda: bytes(n)); t(lambda: [0] * 10 ** 30); t(lambda: "x" * 10 ** 30); t(lambda: b"x" * 2 ** 63); t(lambda: bytearray(2 ** 63)); t(lambda: bytes(2 ** 70)); t(lambda: bytes(-1)); t(lambda: [1] * -5); t(lambda: "a".center(n)); t(lambda: "a".zfill(n)); t(lambda: b"a".rjust(n)); t(lambda: format(1, "99999999999999999999d")); t(lambda: format("a", f"{2 ** 63}")); t(lambda: list(range(10 ** 18))); t(lambda: tuple(range(2 ** 70))); t(lambda: [*range(10 ** 18)]); t(lambda: bytearray(b"a") * n); t(lambda: ("a" * 10 ** 6).replace("a", "b" * 10 ** 12)); t(lambda: "x".join(["y" * 10] * 3)); t(lambda: int("1" * 5000)); t(lambda: str(10 ** 5000)); t(lambda: "a" * 2 ** 62 * 4); t(lambda: [[]] * 2 ** 61)
l = [1, 2]
def imul(): 
    global l
    l *= n
t(imul); print(l); ba = bytearray(b"ab")
def bmul():
    global ba
    ba *= n
t(bmul); print(ba); l.extend([3]); print(l, sum(range(1000)))
try: raise MemoryError
except MemoryError as e: print(repr(e), e.args)
