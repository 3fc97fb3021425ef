def t(f, *a, **k):
    try:
        print(f(*a, **k))
    except Exception as e:
        print(type(e).__name__ + ":", e)

import heapq, bisect
h = []
for x in [5, 1, 8, 3, 2]: heapq.heappush(h, x)
print(h, [heapq.heappop(h) for _ in range(5)], h); t(heapq.heappop, []); t(heapq.heappush, 5, 1); t(heapq.heapify, (1,)); t(heapq.heapreplace, [], 1); t(heapq.heappush, [])
h = [9, 4, 7, 1, 3]; heapq.heapify(h); print(h, heapq.heapreplace(h, 6), h, heapq.heappushpop(h, 0), heapq.heappushpop(h, 5), h, heapq.heappushpop([], 1))
print(heapq.nlargest(2, [1, 5, 3]), heapq.nsmallest(2, [4, 1, 3]), heapq.nlargest(2, "abc", key=ord), heapq.nsmallest(5, [2, 1]), list(heapq.merge([1, 4], [2, 3])), list(heapq.merge([4, 1], [3, 2], reverse=True)), heapq.nlargest(1, []), heapq.nsmallest(1, [3, 1, 2], key=lambda x: -x))
h = list("heapsort"); heapq.heapify(h); print(h, "".join(heapq.heappop(h) for _ in range(8))); h = [(2, "b"), (1, "z"), (1, "a")]; heapq.heapify(h); print(h); h = [3, 1, 2]; heapq._heapify_max(h); print(h, heapq._heappop_max(h), heapq._heapreplace_max(h, 0), h)
t(heapq.heapify, [1, "a", None]); 
class Evil:
    def __lt__(self, o): victim.append(1); return False
victim = [Evil(), Evil(), Evil()]; t(heapq.heapify, victim); t(heapq.heappush, victim, Evil())
class Bad:
    def __lt__(self, o): raise ValueError("lt")
b = [1, 2]; t(heapq.heappush, b, Bad()); print(len(b))
log = []
class L:
    def __init__(self, n): self.n = n
    def __lt__(self, o): log.append((self.n, o.n)); return self.n < o.n
x = [L(n) for n in [5, 2, 9, 1]]; heapq.heapify(x); print([i.n for i in x], log); log.clear(); print(heapq.heappop(x).n, log)
a = [1, 2, 2, 3, 5]; print(bisect.bisect(a, 2), bisect.bisect_left(a, 2), bisect.bisect_right(a, 2), bisect.bisect(a, 0), bisect.bisect(a, 9), bisect.bisect_left(a, 4), bisect.bisect(a, 2, 0, 2), bisect.bisect(a, 2, lo=3), bisect.bisect([], 1), bisect.bisect_left([-3, -2, 1], 2, key=abs) if False else "", bisect.bisect_left([1, 2, 3], 4, key=lambda x: x * 2))
bisect.insort(a, 2); bisect.insort_left(a, 5); bisect.insort(a, 0); print(a); w = ["a", "ccc"]; bisect.insort(w, "bb", key=len); print(w); t(bisect.bisect, a, "x"); t(bisect.bisect, a, 1, -1); t(bisect.bisect, 5, 1); t(bisect.bisect, a); t(bisect.bisect, a, 1, 0, 100); t(bisect.insort, (1, 2), 1)
class Seq:
    def __len__(self): return 1000
    def __getitem__(self, i): return i * i
print(bisect.bisect(Seq(), 500), bisect.bisect_left(Seq(), 250000), bisect.bisect(range(10 ** 9), 12345))
