import hashlib
import _md5, _sha1, _sha2, _sha3, _blake2


def t(f, *a, **k):
    try: print(repr(f(*a, **k)))
    except BaseException as e: print(type(e).__name__, e)


for f in [_md5.md5, _sha1.sha1, _sha2.sha224, _sha2.sha256, _sha2.sha384, _sha2.sha512, _sha3.sha3_224, _sha3.sha3_256, _sha3.sha3_384, _sha3.sha3_512, _blake2.blake2b, _blake2.blake2s]:
    h = f(b"abc")
    print(h.name, h.digest_size, h.block_size, h.hexdigest(), h.digest() == bytes.fromhex(h.hexdigest()))
    c = h.copy()
    h.update(bytearray(b"x" * 1000))
    c.update(memoryview(b"y"))
    print(h.hexdigest(), c.hexdigest(), f().hexdigest())
for f in [_sha3.shake_128, _sha3.shake_256]:
    h = f(b"abc")
    print(h.name, h.digest_size, h.block_size, h.hexdigest(10), h.digest(5), h.hexdigest(0))
    t(h.hexdigest, -1)
print(_blake2.blake2b(b"x", digest_size=5).hexdigest(), _blake2.blake2s(b"x", digest_size=32).digest_size)
t(_md5.md5, "text")
t(_md5.md5, 5)
t(_sha2.sha256().update, "text")
print(hashlib.md5(b"q", usedforsecurity=False).hexdigest(), hashlib.new("sha256", b"q").hexdigest())
print(sorted(hashlib.algorithms_guaranteed))
