for a in (7, -7, 0):
    for b in (2, -3):
        print(a + b, a - b, a * b, a // b, a % b, divmod(a, b), a / b)
print(2**10, -(2**63), 2**64 + 1, 7 & 3, 7 | 8, 7 ^ 2, ~5, 1 << 70 >> 68)
