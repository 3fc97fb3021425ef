"""Mandelbrot set, with float pairs and, for a smaller picture, with complex numbers; the points inside are counted."""

import sys

ANSWERS = {20: (110, 6950, 4), 340: (30628, 2000153, 1914)}
ITERATIONS = 50


def escapes(cx, cy):
    x = y = 0.0
    for i in range(ITERATIONS):
        xx = x * x
        yy = y * y
        if xx + yy > 4.0:
            return i
        y = 2.0 * x * y + cy
        x = xx - yy + cx
    return ITERATIONS


def escapes_complex(c):
    z = 0j
    for i in range(ITERATIONS):
        if abs(z) > 2.0:
            return i
        z = z * z + c
    return ITERATIONS


def picture(size):
    inside = 0
    total = 0
    for row in range(size):
        cy = 2.0 * row / size - 1.0
        for column in range(size):
            cx = 3.0 * column / size - 2.0
            steps = escapes(cx, cy)
            total += steps
            if steps == ITERATIONS:
                inside += 1
    return inside, total


def picture_complex(size):
    inside = 0
    for row in range(size):
        for column in range(size):
            c = complex(3.0 * column / size - 2.0, 2.0 * row / size - 1.0)
            inside += escapes_complex(c) == ITERATIONS
    return inside


def main():
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 340
    result = (*picture(size), picture_complex(size // 4))
    assert result == ANSWERS.get(size, result), result
    print(f"mandelbrot({size}) = {result}")


if __name__ == "__main__":
    main()
