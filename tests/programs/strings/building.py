"""Building strings: by `+=`, aliases of what was built, joins, wide characters that come late."""

text = ""
for i in range(2000):
    text += str(i)
print(len(text), text[:20], text[-12:])

first = "a" * 200
second = first + "b" * 200
alias = second
second += "c"
third = alias + "d"
print(len(first), len(second), len(third), second[-3:], third[-3:], alias[-3:])

wide = "x" * 300
wide += "é"
wide += "日"
wide += "🐍"
print(len(wide), wide[-4:], wide.encode()[-10:])

parts = []
for i in range(100):
    parts.append(chr(65 + i % 26) * (i % 5))
joined = "-".join(parts)
print(len(joined), hash(joined) == hash("-".join(list(parts))), joined[:30])

table = {}
key = ""
for i in range(50):
    key += "k"
    table[key] = i
print(table["k"], table["k" * 50], len(table), ("k" * 51) in table)
copy = key
key += "z"
print(copy == "k" * 50, key[-2:], copy in table, key in table)

s = "ab" * 100
t = s
s += s
print(len(s), len(t), s == t * 2)
