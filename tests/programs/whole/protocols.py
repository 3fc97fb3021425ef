# stress: 200
"""Metaclasses, attribute hooks, exceptions, generators, patterns and contexts in one program."""
import sys
import contextlib
class Meta(type):
    reg={}
    def __new__(m,n,b,d,**k): c=super().__new__(m,n,b,d); m.reg[n]=k; return c
    def __init__(c,n,b,d,**k): super().__init__(n,b,d)
    def __call__(c,*a): o=super().__call__(*a); o.made=True; return o
class A(metaclass=Meta,tag=1):
    def __init__(s,*a): s.a=a
    def __getattr__(s,n): return ("missing",n)
    def __init_subclass__(cls,**k): super().__init_subclass__(); cls.sub=True
class B(A,tag=2): pass
print(Meta.reg,B(1,2).a,B().zzz,B().made,B.sub)
try:
    try: 1/0
    except ZeroDivisionError as e: raise KeyError("x") from e
except KeyError as e: print(repr(e),repr(e.__cause__),e.__suppress_context__)
def g():
    try:
        x=yield 1
        while True: x=yield x*2
    except GeneratorExit: print("closed")
    finally: print("fin")
q=g(); print(next(q),q.send(4),q.send(5)); q.close()
match {"a":[1,2,{"b":3}],"c":4}:
    case {"a":[x,*_,{"b":y}],**rest}: print(x,y,rest)
def f(a,/,b,*,c=3,**k): return a,b,c,k
print(f(1,b=2,d=5), sys.getrecursionlimit())
def deep(n): return 0 if n==0 else 1+deep(n-1)
try: deep(10**6)
except RecursionError as e: print("RecursionError",e)
print([*range(3),*"ab"],{**{"a":1},"b":2},(lambda *a,**k:(a,k))(*[1,2],**{"z":3}))
x=[5,3,8,1]; x.sort(key=lambda v:-v); print(x,sorted("bca",reverse=True),x[::-1],x[1:3])
x[1:3]=[9,9,9]; del x[0]; print(x)
@contextlib.contextmanager
def cm(n):
    print("in",n)
    try: yield n
    except ValueError as e: print("caught",e)
    finally: print("out",n)
with cm(1) as a, cm(2) as b: print(a,b); raise ValueError("boom")
async def co(n): return n+1
async def main():
    r=0
    for i in range(3): r+=await co(i)
    return r
c=main()
try: c.send(None)
except StopIteration as s: print("async",s.value)
