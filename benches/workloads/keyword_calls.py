"""Calls in every manner: keywords, defaults, keyword-only, *args, **kwargs, bound methods passed around."""

import sys

ANSWERS = {150: 161465, 60000: 43107385}


def area(width, height=2, *, scale=1, offset=0):
    return (width * height) * scale + offset


def total(*values, start=0):
    for value in values:
        start += value
    return start


def options(**settings):
    result = 0
    for name, value in settings.items():
        result += len(name) * value
    return result


def forward(function, *args, **kwargs):
    return function(*args, **kwargs)


class Box:
    count = 0

    def __init__(self, width, height, depth=1, *, label="box"):
        self.width = width
        self.height = height
        self.depth = depth
        self.label = label

    def volume(self, *, factor=1):
        return self.width * self.height * self.depth * factor

    def resized(self, **changes):
        fields = {"width": self.width, "height": self.height, "depth": self.depth, **changes}
        return Box(**fields, label=self.label)

    @classmethod
    def cube(cls, size, **rest):
        cls.count += 1
        return cls(size, size, depth=size, **rest)

    @staticmethod
    def larger(first, second, key):
        return first if key(first) >= key(second) else second


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 60000
    result = 0
    box = Box(1, 2, label="first")
    for i in range(rounds):
        result += area(i, scale=2)
        result += area(i % 7, height=3, offset=1)
        result += area(width=2, height=i % 5, scale=3, offset=4)
        result += total(i, 1, 2, start=3)
        result += total(*(1, 2, i % 3))
        result += options(alpha=1, beta=i % 4)
        result += forward(area, i % 9, scale=2, offset=1)
        cube = Box.cube(i % 10, label="cube")
        box = Box.larger(cube, box.resized(depth=3), key=Box.volume)
        result += box.volume(factor=2)
        result %= 1000000007
    assert Box.count == rounds
    assert result == ANSWERS.get(rounds, result), result
    print(f"keyword_calls({rounds}) = {result} {box.label}")


if __name__ == "__main__":
    main()
