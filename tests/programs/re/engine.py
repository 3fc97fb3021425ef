# What the engine does: repetition, look-around, case, sets, depth.
import re


def show(pattern, *texts, flags=0):
    for text in texts:
        m = re.search(pattern, text, flags)
        print(pattern, m and (m.span(), m.groups(), m.lastindex))


show('a++b', 'aab', 'aaa')
show('a*+a', 'aaa')
show('(?:ab)++c', 'ababc', 'abab')
show('(?:a|ab)?+b', 'abb', 'b')
show('(?>a|ab)c', 'abc', 'ac')
show('(a|ab)(c|bcd)(d*)', 'abcd')
show('(a*)*', 'aab', 'b')
show('(a*?)*?b', 'aab')
show('(?:(a)|b)*', 'ab', 'ba')
show('(?:(a)|(b)|(c))+', 'abc', 'cba')
show('(?=(a+))a*b\\1', 'baaabac')
show('(?!(a))b', 'b')
show('(?<=(a)b)c', 'abc')
show('(?<!a)b', 'ab', 'cb')
show('(?i:a)b', 'Ab', 'AB')
show('(a)|b', 'b')
show('(?:(a)(?=b))?(?(1)b|c)', 'ab', 'c')
show('x{2,3}?y', 'xxxy', 'xy')
show('(?:x{2}){2,}', 'xxxxxxx')
show('^a$', 'b\na\n', flags=re.M)
show('a.b', 'a\nb', flags=re.S)
show('a.b', 'a\nb')
show('a$', 'a\n')
show('a\\Z', 'a\n', 'a')
show('[^\\W\\d]+', '12ab_é3')
show('\\w+', '12ab_é3', flags=re.A)
show('[à-ü]+', 'ÀÉÜ', flags=re.I)
show('straße', 'STRASSE', 'STRAßE', flags=re.I)
show('[\u0400-\u04ff\u4e00]+', 'ab\u0430\u4e00\u0431')
show('[\U0001f600-\U0001f64f]', 'a\U0001f601')
show('k', '\u212a', flags=re.I)
show('\u212a', 'K', 'k', flags=re.I)
show('s', '\u017f', flags=re.I)
show('[a-z]+', 'KS\u212a\u017f', flags=re.I)
show('[^a]', 'A', 'b', flags=re.I)
show('(.)\\1', 'aA', flags=re.I)
show('i', '\u0130', '\u0131', flags=re.I)
show('\\d+', '\u0661\u0662')
show('\\s+', '\xa0\u2003')
show('a b # comment\n c', 'abc', flags=re.X)
print(re.match('(a|b)*', 'ab' * 100000).span(), re.match('(?:a|b)*?c', 'ab' * 100000 + 'c').span())
print(re.match('(?:(a)|(b))*+', 'ab' * 100000).span())
print(re.match('(' * 80 + 'a' + ')' * 80, 'a').lastindex)
print(re.match('(?:a?){20}a{20}', 'a' * 20).span())
print(re.search('x*y', 'x' * 1000), re.search('(x+x+)+y', 'x' * 12))
print(re.match(b'[\x80-\xff]+', b'\x80\xff\x00').span(), re.match(b'\\w+', b'ab\xe9').span())
print(re.match(b'(?L)a', b'A', re.I), re.match(b'(?i)\xe9', b'\xc9'))
import _sre
for code in ([], [99], [16, 97], [1, 1, 1]):
    try:
        print(_sre.compile('x', 0, code, 0, {}, ()).match('x'))
    except Exception as error:
        print(type(error).__name__ + ':', error)
