# sub, subn and split.
import re


def show(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except Exception as error:
        print(type(error).__name__ + ':', error)


show(re.sub, 'a', 'b', 'banana')
show(re.sub, 'a', 'b', 'banana', count=2)
show(re.subn, 'a*', '-', 'baac')
show(re.sub, '(.)(.)', r'\2\1', 'abcde')
show(re.sub, '(?P<x>a)|b', r'<\g<x>\g<0>>', 'abc')
show(re.sub, 'a', r'\n\\', 'aba')
show(re.sub, 'a', lambda m: m[0].upper() * 2, 'banana')
show(re.sub, 'a', lambda m: None, 'banana')
show(re.sub, 'a', lambda m: 3, 'banana')
show(re.sub, b'a', lambda m: 'x', b'banana')
show(re.sub, b'a', b'\\g<0>b', b'banana')
show(re.sub, b'a', b'b', bytearray(b'banana'))
show(re.sub, 'a', b'x', 'a')
show(re.sub, 'a', r'\1', 'a')
show(re.sub, '(a)', r'\g<b>', 'a')
show(re.sub, 'é', '\u4e00', 'aéb')
show(re.sub, '\u4e00', 'x', 'a\u4e00b')
show(re.sub, 'x', 'y', 'unchanged')
show(re.sub, '', '-', 'abc')
show(re.sub, r'\b|:+', '-', 'a:b::c')
show(re.sub, 'a', 'b', 5)
show(re.sub, 'a', 5, 'a')
show(re.split, ',', 'a,b,c')
show(re.split, '(,)', 'a,b,c', maxsplit=1)
show(re.split, r'\b', 'ab cd')
show(re.split, '(x)|,', 'a,bxc')
show(re.split, '', 'abc')
show(re.split, b':', b'a:b')
show(re.split, 'a', 'b')
show(re.escape, 'a.b*c\n')


class Text(str):
    pass


text = re.sub('x', 'y', Text('abc'))
print(type(text), text)
print(type(re.match('.*', Text('abc'))[0]), type(re.split('b', Text('abc'))[0]))


def change(m):
    data.clear()
    return b'-'


data = bytearray(b'abcabc')
try:
    print(re.sub(b'b', change, bytes(data)))
except Exception as error:
    print(type(error).__name__, error)
scanner = re.Scanner([(r'\d+', lambda s, t: int(t)), (r'\w+', lambda s, t: t), (r'\s+', None)])
print(scanner.scan('ab 12 cd ?'))
