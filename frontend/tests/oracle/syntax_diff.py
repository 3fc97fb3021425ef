"""Holds errors at compile time against CPython 3.13's own.

Usage: python3.13 syntax_diff.py DUMP_BINARY JSON...
DUMP_BINARY is the built example `syntax_dump`; each JSON file holds a list of snippets.
"""
import collections
import json
import subprocess
import sys
import warnings


def verdict(source):
    try:
        compile(source, "<s>", "exec", dont_inherit=True)
        return "ok"
    except SyntaxError as e:
        return (type(e).__name__, e.lineno or 0, e.offset or 0, e.end_lineno or 0, e.end_offset or 0, str(e.msg))
    except Exception as e:
        return (type(e).__name__, 0, 0, 0, 0, str(e))


def main():
    binary, *paths = sys.argv[1:]
    warnings.simplefilter("ignore")
    snippets = list(dict.fromkeys(s for path in paths for s in json.load(open(path))))
    encoded = []
    for s in snippets:
        try:
            encoded.append((s, s.encode()))
        except UnicodeEncodeError:
            pass
    data = b"".join(b"%d\n" % len(b) + b for _, b in encoded)
    run = subprocess.run([binary], input=data, stdout=subprocess.PIPE)
    lines = run.stdout.decode().split("\n")[:-1]
    if len(lines) != len(encoded):
        print("stopped at", repr(encoded[len(lines)][0][:2000]))
    counts = collections.Counter()
    messages = collections.Counter()
    examples = {}
    for (source, _), line in zip(encoded, lines):
        theirs = verdict(source)
        ours = "ok" if line == "ok" else line.split("\t", 5)
        if theirs == "ok":
            counts["valid"] += 1
            if ours != "ok":
                counts["valid but rejected"] += 1
                print("REJECTED", ours[5], repr(source[:300]))
            continue
        counts["invalid"] += 1
        if ours == "ok":
            counts["invalid but accepted"] += 1
            print("ACCEPTED", theirs, repr(source[:200]))
            continue
        same = theirs[5] == ours[5].replace("\\n", "\n").replace("\\t", "\t")
        counts["same message"] += same
        counts["same class"] += theirs[0] == ours[0]
        counts["same line"] += theirs[1] == int(ours[1])
        counts["same start"] += theirs[1:3] == (int(ours[1]), int(ours[2]))
        counts["same everything"] += same and theirs[:5] == (ours[0], *map(int, ours[1:5]))
        if not same:
            messages[theirs[5], ours[5]] += 1
            examples.setdefault((theirs[5], ours[5]), source[:120])
        elif theirs[:5] != (ours[0], *map(int, ours[1:5])):
            pair = ("place: " + theirs[5], "")
            messages[pair] += 1
            examples.setdefault(pair, f"{source[:120]!r} {theirs[:5]} {ours[:5]}")
    for pair, count in messages.most_common(int(__import__("os").environ.get("SHOW", 60))):
        print(f"{count:4} {pair[0]!r} | ours {pair[1]!r}\n       {examples[pair]!r}")
    for name, count in counts.items():
        print(f"{count:6} {name}")


main()
