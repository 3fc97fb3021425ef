# stress: 200
def t(f, *a, **k):
    try:
        print(f(*a, **k))
    except Exception as e:
        print(type(e).__name__ + ":", e)

it = iter(range(2000))
for _ in range(500): it = map(lambda x: x + 1, it) if _ % 50 == 0 else filter(None, it)
print(sum(1 for _ in it))
import itertools
it = iter([1, 2, 3])
for _ in range(900): it = itertools.chain(it)
print(list(it))
def flatten(x):
    for y in x:
        if isinstance(y, list): yield from flatten(y)
        else: yield y
print(list(flatten([1, [2, [3, [4]], 5], []])))
def primes():
    it = itertools.count(2)
    while True:
        p = next(it); yield p
        it = filter(lambda n, p=p: n % p, it)
print(list(itertools.islice(primes(), 40)))
l = [0]; l[0] = l; 
def walk(x, d=0): return d if d > 20 else walk(x[0], d + 1)
print(walk(l))
x = []
for _ in range(300): x = [x]
print(len(repr(x)), x == x)
d = {}
for _ in range(100): d = {1: d}
print(len(repr(d)))
t_ = ()
for _ in range(100): t_ = (t_,)
print(len(repr(t_)), hash(t_) == hash(t_))
deep = []
for _ in range(100000): deep = [deep]
for f in (repr, str, lambda x: x == [x], hash):
    try: f(deep); print("fine")
    except RecursionError as e: print("RecursionError")
    except TypeError as e: print(e)
