"""json, re, textwrap, string, difflib: texts by modules written in Python."""
import difflib
import json
import re
import string
import textwrap

print(json.dumps({"a": [1, 2.5, None, True], "é": "ü\n"}, indent=1, sort_keys=True))
print(json.loads('{"x": [1, {"y": 2e3}], "z": "\\u00e9"}'), json.dumps("é", ensure_ascii=False))
for bad in ("{", "[1,]", '{"a" 1}', "nul"):
    try:
        json.loads(bad)
    except json.JSONDecodeError as error:
        print(error)
try:
    json.dumps({1j: 2})
except TypeError as error:
    print(error)
print(re.sub(r"(\w+) (\w+)", r"\2 \1", "hello world foo bar"), re.findall(r"\d+(?=px)", "10px 20em 30px"))
print(re.split(r"[,;]\s*", "a, b;c"), re.match(r"(?P<y>\d{4})-(?P<m>\d\d)", "2024-05").groupdict())
print(textwrap.fill("the quick brown fox jumps over the lazy dog " * 2, 30))
print(textwrap.dedent("   a\n     b\n   c"), textwrap.shorten("many words to be cut", 12))
print(string.Template("$a and ${b}").substitute(a=1, b=2), string.capwords("hello big world"))
print("\n".join(difflib.unified_diff("a b c".split(), "a x c d".split(), lineterm="")))
print(difflib.get_close_matches("appel", ["ape", "apple", "peach"]))
