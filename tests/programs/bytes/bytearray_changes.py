"""Changing bytearrays."""


def attempt(function, *args):
    try:
        return function(*args)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


array = bytearray(b"abc")
array.append(100)
array.extend(b"ef")
array.extend([103, 104])
array.extend(bytearray(b"i"))
print(array)
array.insert(0, 65)
array.insert(-1, 66)
array.insert(100, 67)
print(array)
print(array.pop(), array.pop(0), array.pop(-2), array)
array.remove(98)
array.reverse()
print(array, len(array), array.copy(), array.copy() is array)
array[0] = 90
array[-1] = 89
array[1:3] = b"12345"
print(array)
array[::2] = b"-" * len(array[::2])
print(array)
del array[0]
del array[1:3]
del array[::2]
print(array)
array += b"xyz"
array *= 2
alias = array
alias += b"!"
print(array, alias is array)
array[2:2] = [1, 2, 3]
array[:] = b"fresh"
print(array)
array.clear()
print(array, array == b"", not array)
array = bytearray(b"ab")
for function, *args in (
    (array.append, 256),
    (array.append, -1),
    (array.append, "a"),
    (array.extend, "a"),
    (array.extend, 1),
    (array.extend, [300]),
    (array.insert, 0, 300),
    (array.insert, "a", 1),
    (array.pop, 5),
    (bytearray().pop,),
    (array.remove, 122),
    (array.remove, "a"),
    (array.__setitem__, 0, "a"),
    (array.__setitem__, 0, 256),
    (array.__setitem__, 5, 1),
    (array.__setitem__, slice(0, 1), "a"),
    (array.__setitem__, slice(0, 1), 5),
    (array.__setitem__, slice(0, 2, 2), b"abc"),
    (array.__setitem__, "a", 1),
    (array.__delitem__, 9),
    (array.__delitem__, "a"),
    (array.__iadd__, 1),
    (array.__iadd__, "a"),
):
    print(function.__name__, args, "->", attempt(function, *args), array)
array[5:1] = b"zz"
print(array)
array[0:2] = array
print(array)
array.extend(array)
print(array)
numbers = bytearray(range(10))
numbers[8:2:-2] = b"abc"
print(numbers, list(numbers))
del numbers[-1:-5:-1]
print(list(numbers), [byte for byte in numbers], bytes(numbers))
