# stress: 200
"""A treap, walked by recursive generators."""
class Node:
    __slots__=("k","v","l","r","p")
    def __init__(s,k,v): s.k=k; s.v=v; s.l=s.r=None; s.p=hash((k*7919)%10007)
def ins(n,k,v):
    if n is None: return Node(k,v)
    if k<n.k:
        n.l=ins(n.l,k,v)
        if n.l.p>n.p: x=n.l; n.l=x.r; x.r=n; return x
    elif k>n.k:
        n.r=ins(n.r,k,v)
        if n.r.p>n.p: x=n.r; n.r=x.l; x.l=n; return x
    else: n.v=v
    return n
def walk(n):
    if n:
        yield from walk(n.l); yield n.k,n.v; yield from walk(n.r)
t=None
for i in range(4000): t=ins(t,(i*7919)%4001,i)
print(sum(k*v for k,v in walk(t)) % 1000007, sum(1 for _ in walk(t)))
