# stress: 1000
# Patterns made by chance, on several texts.
import warnings
warnings.simplefilter("ignore")
import re, random
rng = random.Random(7)
ATOMS = ['a','b','c','.','\\d','\\w','\\s','[ab]','[^a]','[a-c]','\\b','\\B','^','$','é','[à-ü]','(?=a)','(?!b)','(?<=a)','(?<!b)','\\A','\\Z']
def gen(d):
    k = rng.random()
    if d == 0 or k < .35: return rng.choice(ATOMS)
    if k < .5: return gen(d-1)+gen(d-1)
    if k < .6: return '(?:%s|%s)' % (gen(d-1), gen(d-1))
    if k < .7: return '(%s)' % gen(d-1)
    if k < .74: return '(?>%s)' % gen(d-1)
    if k < .78: return '(?=%s)' % gen(d-1)
    if k < .8: return '(?!%s)' % gen(d-1)
    if k < .83: return '(?:(%s)|%s)' % (gen(d-1), gen(d-1))
    q = rng.choice(['*','+','?','*?','+?','??','{1,2}','{2}','{0,2}?'])
    return '(?:%s)%s' % (gen(d-1), q)
TEXTS = ['', 'a', 'abc', 'aab bca', 'ccc\naab', 'éa à b1 ', 'abcabcabc', 'b2\u4e00a', 'a\U0001f600b a']
for i in range(60):
    p = gen(3)
    f = rng.choice([0, re.I, re.M, re.S, re.A])
    try:
        c = re.compile(p, f)
    except re.error as e:
        print(i, repr(p), 'E', e); continue
    except RecursionError: continue
    for t in TEXTS:
        out = []
        for meth in ('match','fullmatch','search'):
            m = getattr(c, meth)(t)
            out.append(m and (m.regs, m.lastindex))
        out.append(c.findall(t)); out.append(c.split(t)); out.append(c.sub('-', t)); out.append([m.span() for m in c.finditer(t, 1)])
        print(i, repr(p), int(f), repr(t), out)
