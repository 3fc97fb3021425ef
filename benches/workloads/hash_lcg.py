"""Hashes and random numbers in 64-bit arithmetic: products beyond a machine word, masks, shifts, exclusive or."""

import sys

ANSWERS = {500: (9479882013310983704, 16960799794281206360), 200000: (7008833302626994126, 9929536539304262309)}
MASK = 0xFFFFFFFFFFFFFFFF


def fnv1a(data):
    value = 0xCBF29CE484222325
    for byte in data:
        value ^= byte
        value = value * 0x100000001B3 & MASK
    return value


class SplitMix:
    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & MASK
        z = (z ^ z >> 27) * 0x94D049BB133111EB & MASK
        return z ^ z >> 31


def xorshift(state):
    state ^= state << 13 & MASK
    state ^= state >> 7
    state ^= state << 17 & MASK
    return state


def lcg(state):
    return (state * 6364136223846793005 + 1442695040888963407) & MASK


def rotate(value, count):
    return (value << count | value >> (64 - count)) & MASK


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 200000
    assert fnv1a(b"foobar") == 0x85944171F73967E8
    assert SplitMix(1234567).next() == 6457827717110365317
    mix = SplitMix(42)
    state = 88172645463325252
    linear = 1
    folded = 0
    for _ in range(rounds):
        state = xorshift(state)
        linear = lcg(linear)
        folded = rotate(folded ^ state ^ linear, 5)
        folded ^= mix.next()
    data = bytes(i * 7 & 255 for i in range(rounds // 2))
    result = (folded, fnv1a(data))
    assert result == ANSWERS.get(rounds, result), result
    print(f"hash_lcg({rounds}) = {result[0]:016x} {result[1]:016x}")


if __name__ == "__main__":
    main()
