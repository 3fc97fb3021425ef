def t(f, *a, **k):
    try:
        print(f(*a, **k))
    except Exception as e:
        print(type(e).__name__ + ":", e)

l = [3, 1, 2]
l.append(5); print(l)
l.extend((7, 8)); l.extend(l); print(l)
l.extend(x for x in "ab"); print(l)
l.insert(0, "first"); l.insert(-1, "before last"); l.insert(100, "end"); l.insert(-100, "start"); print(l)
print(l.pop(), l.pop(0), l.pop(-2), l)
t(l.pop, 100); t([].pop); t([].pop, 0); t([1].pop, "x")
l = [1, 2, 3, 2, 1]
print(l.index(2), l.index(2, 2), l.index(1, -2), l.count(1), l.count(9))
t(l.index, 9); t(l.index, 1, 1, 3); t(l.index, 3, -100, 100); t(l.index, 2, "a")
l.remove(2); print(l); t(l.remove, 77)
l.reverse(); print(l)
c = l.copy(); c.clear(); print(l, c, c == [], c is not l)
t([].append); t([].append, 1, 2); t([].insert, 1); t([].append, object=3)
t(list, 1); t(list, 1, 2); t(list, x=1)
print(list(), list("abc"), list((1, 2)), list({1: 2}), list(range(3)))
print([1, 2] + [3], [0] * 3, 3 * [1, 2], [1] * 0, [1] * -5)
t(lambda: [1] + (2,)); t(lambda: [1] * "x"); t(lambda: [1] * 1.5); t(lambda: [1] * None)
t(lambda: [1] * (1 << 62)); t(lambda: [1] * (1 << 70))
l = [1]; m = l; l += [2]; l *= 2; print(m, l is m)
l += "xy"; print(l)
def bad():
    l = [1]; l += 3
t(bad)
print(2 in [1, 2], 3 in [1, 2], 1.0 in [1], None in [None])
print([1, [2, [3, []]]], [[]] * 2, [None, True, ...])
l = []; l.append(l); print(l, repr([l, l]))
print(len([]), len([1, 2]), bool([]), bool([0]))
print([].__sizeof__() > 0, [1].__hash__)
t(hash, [])
print([1, 2, 3].__contains__(2), [1].__len__(), [5, 6].__getitem__(-1))
