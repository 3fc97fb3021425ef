# stress: 200
"""Digits of pi by a spigot, a matrix class with operators, edit distance."""
def pidigits(n):
    q,r,t,k,m,x=1,0,1,1,3,3; out=[]
    while len(out)<n:
        if 4*q+r-t<m*t:
            out.append(str(m)); q,r,m=10*q,10*(r-m*t),(10*(3*q+r))//t-10*m
        else:
            q,r,t,k,m,x=q*k,(2*q+r)*x,t*x,k+1,(q*(7*k+2)+r*x)//(t*x),x+2
    return "".join(out)
print(pidigits(300)[-20:])
class Matrix:
    def __init__(s,rows): s.rows=[list(r) for r in rows]
    def __matmul__(s,o): return Matrix([[sum(a*b for a,b in zip(r,c)) for c in zip(*o.rows)] for r in s.rows])
    def __eq__(s,o): return s.rows==o.rows
    def __getitem__(s,ij): i,j=ij; return s.rows[i][j]
    def __setitem__(s,ij,v): i,j=ij; s.rows[i][j]=v
    def __iter__(s): return iter(s.rows)
    def __len__(s): return len(s.rows)
    def __contains__(s,v): return any(v in r for r in s)
    def __bool__(s): return any(any(r) for r in s)
m=Matrix([[i*j%7 for j in range(20)] for i in range(20)])
p=m
for _ in range(5): p=p@m; p=Matrix([[x%1009 for x in r] for r in p])
print(p[3,4], len(p), 5 in p, bool(p), p==m)
def lev(a,b):
    prev=list(range(len(b)+1))
    for i,ca in enumerate(a,1):
        cur=[i]
        for j,cb in enumerate(b,1): cur.append(min(prev[j]+1,cur[j-1]+1,prev[j-1]+(ca!=cb)))
        prev=cur
    return prev[-1]
print(lev("kitten"*20,"sitting"*18))
