# stress: 1000
def t(f, *a, **k):
    try:
        print(f(*a, **k))
    except Exception as e:
        print(type(e).__name__ + ":", e)

l = []
for i in range(100000): l.append(i)
print(len(l), l[-1], sum(l))
while len(l) > 5: l.pop()
print(l)
l = list(range(1000)); del l[::3]; print(len(l), l[:5], l[-5:])
l = [[] for _ in range(1000)]; l[5].append(1); print(sum(map(len, l)))
m = [x * x for x in range(20) if x % 3]; print(m)
print([[i * j for j in range(4)] for i in range(4)])
a, *b, c = range(6); print(a, b, c)
*a, b = [1]; print(a, b)
(a, b), c = [1, 2], 3; print(a, b, c)
def bad():
    a, b = [1, 2, 3]
t(bad)
def bad():
    a, b, *c = [1]
t(bad)
print([*range(3), *"ab", *[], *(1,)])
l = list(range(50)); l[10:20] = []; print(len(l)); l[5:5] = range(100, 103); print(l[:10]); l.insert(3, "x"); print(l[3])
print(max(l[4:]), min(range(5)), sorted(l[4:10], reverse=True))
