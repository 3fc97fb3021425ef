"""Writes src/unicode_printable.rs: where printable code points begin and end, as CPython's str.isprintable() has it."""
import unicodedata

bounds = []
printable = False
for point in range(0x110000):
    if chr(point).isprintable() != printable:
        printable = not printable
        bounds.append(point)
assert not printable

print(f"//! Printable code points of Unicode {unicodedata.unidata_version}, written by `scripts/printable.py`.")
print()
print("/// Where runs of printable and of other code points begin, in turn; the first is printable.")
print("#[rustfmt::skip]")
print(f"pub(crate) static BOUNDS: [u32; {len(bounds)}] = [")
for i in range(0, len(bounds), 10):
    print("    " + ", ".join(f"{bound:#x}" for bound in bounds[i:i + 10]) + ",")
print("];")
