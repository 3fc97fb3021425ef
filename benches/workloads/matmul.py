"""Matrix multiplication on lists of lists, with integers and with floats."""

import sys

ANSWERS = {10: (252010, 2527858), 140: (47665433, 6669481578)}


def make_matrix(n, seed):
    state = seed
    rows = []
    for _ in range(n):
        row = []
        for _ in range(n):
            state = (state * 1103515245 + 12345) % 2147483648
            row.append(state // 65536 % 100)
        rows.append(row)
    return rows


def transpose(matrix):
    return [list(column) for column in zip(*matrix)]


def multiply(a, b):
    n = len(a)
    columns = transpose(b)
    product = []
    for row in a:
        out = [0] * n
        for j in range(n):
            column = columns[j]
            total = 0
            for k in range(n):
                total += row[k] * column[k]
            out[j] = total
        product.append(out)
    return product


def trace(matrix):
    return sum(matrix[i][i] for i in range(len(matrix)))


def main():
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 140
    a = make_matrix(n, 42)
    b = make_matrix(n, 7)
    product = multiply(a, b)
    halves = multiply([[x / 2 for x in row] for row in a], [[x / 2 for x in row] for row in b])
    assert trace(halves) * 4 == trace(product)
    assert trace(multiply(b, a)) == trace(product)
    result = (trace(product), sum(map(sum, product)))
    assert result == ANSWERS.get(n, result), result
    print(f"matmul({n}) = {result}")


if __name__ == "__main__":
    main()
