def t(f, *a, **k):
    try: print(repr(f(*a, **k)))
    except BaseException as e: print(type(e).__name__, e)
def run(c):
    r = []
    try:
        v = None
        while True: v = c.send(None); r.append(v)
    except StopIteration as e: return r, e.value
    except BaseException as e: return r, type(e).__name__, str(e)
class A:
    def __init__(self, v): self.v = v
    def __await__(self): x = yield self.v; return (self.v, x)
async def agen():
    try:
        x = yield 1; print("got", x)
        y = yield await A("aw"); print("got", y)
    except ValueError as e: print("caught", e); yield "after"
    finally: print("fin"); await A("finaw")
async def main():
    g = agen(); print(await g.asend(None)); print(await g.asend("X"))
    try: print(await g.asend("Y"))
    except StopAsyncIteration: print("stop")
    g = agen(); print(await g.__anext__()); print(await g.athrow(ValueError("boo"))); await g.aclose(); print("closed")
    g = agen(); await anext(g); 
    try: await g.athrow(KeyError("k"))
    except KeyError as e: print("key", e)
    g = agen(); print(await anext(g, "def")); await g.aclose(); print(await anext(g, "def")); await g.aclose()
    async for v in agen(): print("for", v)
    print([v async for v in agen()], {v async for v in agen()}, [x for x in [await A(1)]])
    return 5
print(run(main()))
async def a2():
    yield 1
    yield 2
g = a2(); t(lambda: g.asend(5).send(None)); t(lambda: g.asend(None).send(None)); t(lambda: g.asend(None).throw(KeyError("x"))); t(lambda: g.asend(None).send(None)); t(lambda: g.aclose().send(None))
g = a2(); x = g.asend(None); t(x.send, None); t(x.send, None); t(x.close); y = g.asend(None); t(y.close); t(y.send, None)
g = a2(); t(lambda: aiter(g) is g); t(aiter, 5); t(anext, 5); t(lambda: type(anext(g)).__name__); t(lambda: list(a2())); print(g.ag_running, g.ag_frame is not None, g.ag_await, g.ag_code.co_name, g.__name__, g.__qualname__, type(g))
class It:
    def __init__(self): self.n = 0
    def __aiter__(self): return self
    async def __anext__(self):
        self.n += 1
        if self.n > 3: raise StopAsyncIteration
        return self.n
async def m2():
    print([i async for i in It()]); print([i async for i in It() if i % 2]); print({i: i*i async for i in It()}); print([(i, j) async for i in It() async for j in It() if i != j])
    g = (i async for i in It()); print(type(g).__name__, await g.__anext__(), [x async for x in g]); print(await anext(aiter(It())), await anext(It(), 9))
    async with CM() as c: print(c)
    try:
        async with CM(): raise ValueError("in")
    except ValueError: print("out")
    async for i in It():
        if i == 2: break
    else: print("no")
    async for i in It(): pass
    else: print("else")
class CM:
    async def __aenter__(self): print("enter"); await A("e"); return "cm"
    async def __aexit__(self, *a): print("exit", a[0] and a[0].__name__); await A("x")
print(run(m2()))
async def c1(): return await A(3)
c = c1(); print(c.send(None)); t(c.throw, ValueError, ValueError("thrown")); t(c.send, None); c = c1(); t(c.send, 5); c.close(); t(c.send, None); c.close()
c = c1(); print(c.cr_await, c.cr_running, c.cr_frame is not None, c.__name__, c.cr_code.co_name, c.cr_origin); c.send(None); print(type(c.cr_await).__name__); c.close()
w = c1().__await__(); print(type(w).__name__, w.send(None)); t(w.send, 7); 
async def bad(): await 5
t(lambda: bad().send(None))
async def bad2(): 
    async for x in 5: pass
t(lambda: bad2().send(None))
async def bad3():
    async with 5: pass
t(lambda: bad3().send(None))
async def bad4():
    async for x in B4(): pass
class B4:
    def __aiter__(self): return 5
t(lambda: bad4().send(None))
async def stopper(): raise StopIteration(3)
t(lambda: stopper().send(None))
async def agstop():
    yield 1
    raise StopAsyncIteration
async def drive(): return [x async for x in agstop()]
print(run(drive()))
async def nested():
    async def inner():
        yield await A("i1"); yield await A("i2")
    return [await A(x) async for x in inner()]
print(run(nested()))
async def ign():
    try: yield 1
    finally: yield 2
async def driveign():
    g = ign(); await anext(g)
    try: await g.aclose()
    except RuntimeError as e: print(e)
print(run(driveign()))
import types
@types.coroutine
def gc(): x = yield "gc"; return x
async def useg(): return await gc()
u = useg(); print(u.send(None)); t(u.send, 8)
async def gather(*cs): return [await c for c in cs]
print(run(gather(c1(), c1())))
t(lambda: anext(a2()).send(None)); t(lambda: anext(a2(), 3).send(None))
