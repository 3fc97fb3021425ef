# Patterns, matches and scanners as objects.
import re, copy


def show(f, *args, **kwargs):
    try:
        print(f(*args, **kwargs))
    except Exception as error:
        print(type(error).__name__ + ':', error)


p = re.compile(r'(?P<first>\w+)(?: (?P<second>\d+))?(x)?', re.I | re.M)
print(p, p.flags, p.groups, p.groupindex, p.pattern)
print(repr(re.compile(b'a', re.L)), re.compile('a', re.A | re.X), repr(re.compile('a' * 300))[-20:])
print(type(p), type(p.match('a')), type(p.scanner('a')), type(p.finditer('a')))
print(p == re.compile(p.pattern, re.I | re.M), p == re.compile(p.pattern), p != 3, hash(p) == hash(copy.copy(p)))
print(copy.copy(p) is p, copy.deepcopy(p) is p)
show(lambda: p < p)
m = p.match('abc 12 rest')
print(m, m.group(), m.group(1), m.group('second', 1), m[0], m['first'], m[2])
print(m.groups(), m.groups('-'), m.groupdict(), m.groupdict('-'))
print(m.start(), m.end(), m.span(), m.start(2), m.end('second'), m.span(3))
print(m.regs, m.lastindex, m.lastgroup, m.pos, m.endpos, m.string, m.re is p)
print(m.expand(r'<\2|\g<first>>'), m.expand('plain'))
for key in (9, -1, 'none', 1.5, None, 2 ** 100):
    show(m.group, key)
    show(m.span, key)
    show(lambda: m[key])
print(copy.copy(m) is m, m == m, m == p.match('abc 12 rest'), bool(m))
print(re.match('x', 'y'), repr(re.match('.*', 'q' * 100)))
s = p.scanner('ab cd', 1, 4)
print(s.pattern is p, s.match(), s.search(), s.search(), s.match())
show(p.match, 5)
show(p.match, b'abc')
show(re.compile(b'a').match, 'abc')
show(p.match)
show(p.match, 'abc', 'x')
show(p.match, 'abc', pos=1, endpos=2)
show(p.match, string='abc', pos=-5, endpos=2 ** 62)
show(re.Pattern)
show(re.Match)
print(re.Pattern[str], re.Match[bytes])
print(re.compile('b').search('abc', 1).span(), re.compile('^b').search('abc', 1), re.compile('b$').search('abc', 0, 2))
print(re.compile('(?<=a)b').search('ab', 1), re.compile(r'\bb').search('ab', 1))
print(re.fullmatch('a|ab', 'ab'), re.fullmatch('a*?', 'aaa'), re.fullmatch('(a)|b', 'ab'))
print([m.span() for m in re.finditer('a*', 'baac')], re.findall('(a)(b)?', 'abaab'), re.findall('a|()', 'ab'))
print(re.match(b'(a+)', bytearray(b'aab')).groups(), re.match(b'(a+)', memoryview(b'aab'))[1])
print(re.match('(?P<a>.)(?P=a)', 'aab'), re.match('(a)?(?(1)b|c)', 'ab'), re.match('(a)?(?(1)b|c)', 'c'))
try:
    re.compile('(a', 0)
except re.error as error:
    print(type(error), error, error.pos, error.lineno, error.colno, error.msg)
for pattern in ('*', 'a**', '(?P<1>a)', '[b-a]', '\\', '(?<=a*)b', '(?P=x)', r'\2', '(?i', 'a{2,1}', '(?z)', '[a', '(?P<a>.)(?P<a>.)'):
    show(re.compile, pattern)
