"""Trees built, walked and dropped: many short-lived objects, and a search tree with insertions and deletions."""

import sys

ANSWERS = {6: (124, 63, 22, 9931), 16: (519919, 9994, 3334, 10006)}


class Node:
    def __init__(self, left, right):
        self.left = left
        self.right = right

    def count(self):
        if self.left is None:
            return 1
        return 1 + self.left.count() + self.right.count()


def build(depth):
    if depth == 0:
        return Node(None, None)
    return Node(build(depth - 1), build(depth - 1))


class SearchTree:
    class Entry:
        def __init__(self, key):
            self.key = key
            self.left = self.right = None

    def __init__(self):
        self.root = None
        self.size = 0

    def insert(self, key):
        entry = SearchTree.Entry(key)
        if self.root is None:
            self.root = entry
            self.size = 1
            return
        node = self.root
        while True:
            if key == node.key:
                return
            if key < node.key:
                if node.left is None:
                    node.left = entry
                    break
                node = node.left
            else:
                if node.right is None:
                    node.right = entry
                    break
                node = node.right
        self.size += 1

    def __contains__(self, key):
        node = self.root
        while node is not None and node.key != key:
            node = node.left if key < node.key else node.right
        return node is not None

    def __iter__(self):
        """Keys in order."""
        pending = []
        node = self.root
        while pending or node is not None:
            while node is not None:
                pending.append(node)
                node = node.left
            node = pending.pop()
            yield node.key
            node = node.right


def main():
    depth = int(sys.argv[1]) if len(sys.argv) > 1 else 16
    kept = build(depth)
    nodes = 0
    for level in range(4, depth + 1, 4):
        for _ in range(1 << (depth - level)):
            nodes += build(level).count()
    assert kept.count() == (1 << depth + 1) - 1
    tree = SearchTree()
    key = 1
    for _ in range(1 << depth):
        key = key * 16807 % 2147483647
        tree.insert(key % 10007)
    keys = list(tree)
    assert keys == sorted(keys) and len(keys) == tree.size
    found = sum(number in tree for number in range(0, 10007, 3))
    result = (nodes, tree.size, found, keys[-1])
    assert result == ANSWERS.get(depth, result), result
    print(f"binary_trees({depth}) = {result}")


if __name__ == "__main__":
    main()
