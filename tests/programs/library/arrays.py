# Module array.
from array import array, typecodes


def show(f, *args, **kwargs):
    try:
        print(f(*args, **kwargs))
    except Exception as error:
        print(type(error).__name__ + ':', error)


print(typecodes)
for code in typecodes:
    if code == 'u':
        continue
    a = array(code, 'abé\U0001f600' if code == 'w' else [1, 2, 3])
    print(a, a.itemsize, len(a), a[0], a[-1], a[1:], a.tobytes() == bytes(a))
a = array('i', range(10))
a[2] = 20
a[3:5] = array('i', [7])
a[::3] = array('i', [0, 0, 0])
del a[1], a[-2:]
print(a, a + array('i', [5]), a * 2, 7 in a, a.count(0), a.index(a[3]))
a.extend([1, 2]); a.insert(0, 9); a.append(4); a.reverse(); a.byteswap(); a.byteswap()
print(a, a.pop(), a.pop(0), a.tolist())
a.remove(2)
a.fromlist([8]); a.frombytes(b'\1\0\0\0')
print(a, a == array('l', a), a < array('i', [99]), sorted(a))
m = memoryview(a)
print(m.format, m.itemsize, m[0], list(m[1:3]))
m[0] = 77
print(a[0], array('d', [1.5, 2]), array('f', [0.1])[0], array('B', b'ab'), array('b'))
show(array, 'x', [1]); show(array, 'i', ['a']); show(array, 'i', 'abc'); show(array, 'B', [256]); show(array, 'b', [-129])
show(array, 'i', [1.5]); show(array, 'd', ['x']); show(a.index, 1234); show(a.remove, 1234); show(array('i').pop)
show(lambda: a[100]); show(lambda: a['x']); show(lambda: a + [1]); show(array('i').frombytes, b'abc')
import copy, pickle
print(copy.copy(a) == a, pickle.loads(pickle.dumps(a)) == a, pickle.loads(pickle.dumps(a, 0)) == a)
class A(array): pass
print(A('i', [1]), type(A('i', [1])[:]))
