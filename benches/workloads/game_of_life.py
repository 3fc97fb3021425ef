"""Conway's Game of Life on an unbounded plane: sets of coordinate pairs."""

import sys

ANSWERS = {12: (14, 9, 5), 700: (287, 161, 244)}

NEIGHBOURS = [(dx, dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1) if (dx, dy) != (0, 0)]

PATTERN = """
.O......
...O....
OO..OOO.
"""

GLIDER = {(1, 0), (2, 1), (0, 2), (1, 2), (2, 2)}


def parse(pattern, left, top):
    alive = set()
    for y, line in enumerate(pattern.split()):
        for x, cell in enumerate(line):
            if cell == "O":
                alive.add((x + left, y + top))
    return alive


def step(alive):
    counts = {}
    for x, y in alive:
        for dx, dy in NEIGHBOURS:
            place = (x + dx, y + dy)
            counts[place] = counts.get(place, 0) + 1
    return {place for place, count in counts.items() if count == 3 or count == 2 and place in alive}


def bounding_box(alive):
    xs = [x for x, _ in alive]
    ys = [y for _, y in alive]
    return max(xs) - min(xs) + 1, max(ys) - min(ys) + 1


def main():
    generations = int(sys.argv[1]) if len(sys.argv) > 1 else 700
    alive = parse(PATTERN, 0, 0)
    for _ in range(generations):
        alive = step(alive)
    glider = GLIDER
    for _ in range(4 * 10):
        glider = step(glider)
    assert glider == {(x + 10, y + 10) for x, y in GLIDER}
    result = (len(alive), *bounding_box(alive))
    assert result == ANSWERS.get(generations, result), result
    print(f"game_of_life({generations}) = {result}")


if __name__ == "__main__":
    main()
