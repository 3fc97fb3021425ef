"""Writes the tables of character properties that `str` methods ask for.

Run with CPython 3.13: `python3.13 runtime/scripts/unicode_tables.py > runtime/src/unicode/tables.rs`.
Everything is found by asking `str` itself, so the tables are of the same version of Unicode.
"""

import sys
import unicodedata

POINTS = range(0x110000)


def is_final(text):
    return text.lower().endswith("\u03c2")


def bounds(predicate):
    found, inside = [], False
    for point in POINTS:
        if bool(predicate(point)) != inside:
            inside = not inside
            found.append(point)
    return found + ([0x110000] if inside else [])


def runs(mapping):
    """Maximal runs (first, last, step, delta) of a mapping of single characters."""
    found = []
    for point, target in sorted(mapping.items()):
        delta = target - point
        for step in (1, 2):
            if found and found[-1][3] == delta and point == found[-1][1] + step:
                first, last, old, _ = found[-1]
                if first == last or old == step:
                    found[-1] = (first, point, step, delta)
                    break
        else:
            found.append((point, point, 1, delta))
    return found


def mapping_tables(method, base=None):
    """Single-character runs and longer results, of characters that `base` does not map the same way."""
    single, long = {}, {}
    for point in POINTS:
        text = chr(point)
        result = getattr(text, method)()
        if result == (getattr(text, base)() if base else text):
            continue
        if len(result) == 1:
            single[point] = ord(result)
        else:
            long[point] = [ord(c) for c in result]
    return runs(single), long


def rows(items, width=100):
    line = "   "
    for item in items:
        if len(line) + len(item) + 2 > width:
            yield line
            line = "   "
        line += f" {item},"
    if line.strip():
        yield line


def emit(doc, name, kind, items):
    print(f"\n/// {doc}")
    print("#[rustfmt::skip]")
    print(f"pub(super) static {name}: &[{kind}] = &[")
    for line in rows(items):
        print(line)
    print("];")


def emit_bounds(doc, name, predicate):
    emit(doc, name, "u32", [f"0x{bound:X}" for bound in bounds(predicate)])


def emit_mapping(doc, name, method, base=None):
    single, long = mapping_tables(method, base)
    emit(doc + ": runs.", name, "Run", ["(0x%X, 0x%X, %d, %d)" % run for run in single])
    if long:
        longs = [
            "(0x%X, [%s])" % (point, ", ".join("0x%X" % c for c in result + [0] * (3 - len(result))))
            for point, result in sorted(long.items())
        ]
        emit(doc + ": several characters.", name + "_LONG", "(u32, [u32; 3])", longs)


def main():
    assert sys.version_info[:2] == (3, 13), "the tables are CPython 3.13's"
    print(f"//! Unicode {unicodedata.unidata_version}, written by `runtime/scripts/unicode_tables.py`: do not edit.")
    print("//!")
    print("//! A property is a sorted list of bounds: those at even places begin a range that has it, the others end one.")
    print("\n/// First, last, step, what is added to each.")
    print("pub(super) type Run = (u32, u32, u32, i32);")
    zeros = [point for point in POINTS if unicodedata.decimal(chr(point), None) == 0]
    emit("Zeros of the decimal digits.", "ZEROS", "u32", [f"0x{zero:X}" for zero in zeros])
    emit_bounds("`isalpha`.", "ALPHA", lambda point: chr(point).isalpha())
    emit_bounds("`isdigit`.", "DIGIT", lambda point: chr(point).isdigit())
    emit_bounds("`isnumeric`.", "NUMERIC", lambda point: chr(point).isnumeric())
    emit_bounds("`islower`.", "LOWER", lambda point: chr(point).islower())
    emit_bounds("`isupper`.", "UPPER", lambda point: chr(point).isupper())
    emit_bounds(
        "Title case only.", "TITLE", lambda point: chr(point).istitle() and not chr(point).isupper()
    )
    emit_bounds("Begins an identifier.", "ID_START", lambda point: chr(point).isidentifier())
    emit_bounds("Continues one.", "ID_CONTINUE", lambda point: ("a" + chr(point)).isidentifier())
    emit_bounds("Cased, and seen by the rule of the final sigma.", "CASED", lambda point: is_final(chr(point) + "\u03a3"))
    emit_bounds(
        "Not seen by the rule of the final sigma.",
        "CASE_IGNORABLE",
        lambda point: is_final("A" + chr(point) + "\u03a3") and not is_final(chr(point) + "\u03a3"),
    )
    emit_mapping("Lower case", "TO_LOWER", "lower")
    emit_mapping("Upper case", "TO_UPPER", "upper")
    emit_mapping("Title case where it is not upper case", "TO_TITLE", "title", "upper")
    emit_mapping("Folded case where it is not lower case", "TO_FOLDED", "casefold", "lower")


main()
