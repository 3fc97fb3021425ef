import cmath
def t(f, *a, **k):
    try: print(getattr(f,"__name__","?"), a, repr(f(*a, **k)))
    except BaseException as e: print(getattr(f,"__name__","?"), a, type(e).__name__, e)
inf, nan = float("inf"), float("nan")
vals = [0, 1, -1, 0.5, 1j, -1j, 1+1j, -2.5+0.25j, 1e300+1e300j, 1e-320j, 1e-310+1e-310j, 710, 710+1j, -710j, complex(0.0,-0.0), complex(-0.0,0.0), 3+4j, 1e160, 1+1e-160j, "x", None, True]
spec = [complex(inf, 0), complex(-inf, 1), complex(0, inf), complex(1, nan)]
for n in ["sqrt","exp","log","log10","sin","cos","tan","sinh","cosh","tanh","asin","acos","atan","asinh","acosh","atanh","phase","polar","isfinite","isnan","isinf"]:
    for v in vals + spec: t(getattr(cmath, n), v)
t(cmath.rect, 1, 2); t(cmath.rect, inf, 0); t(cmath.rect, 0, inf); t(cmath.rect, 1, inf); t(cmath.log, 8, 2); t(cmath.log, 0); t(cmath.log, 1j, 1+1j); t(cmath.log, 5, 0); t(cmath.isclose, 1+1j, 1+1.0000000001j); t(cmath.isclose, 1, 2, rel_tol=-1); t(cmath.isclose, inf, inf); t(cmath.atanh, 1); t(cmath.exp, 1000)
print(cmath.pi, cmath.e, cmath.tau, cmath.inf, cmath.nan, cmath.infj, cmath.nanj)
