"""Shortest ways through a made-up road map, with a binary heap written in Python and then with heapq."""

import heapq
import sys

ANSWERS = {100: (229, 11103, 4, 145), 16000: (338, 3258955, 12, 219)}


class BinaryHeap:
    def __init__(self):
        self.items = []

    def __len__(self):
        return len(self.items)

    def push(self, item):
        items = self.items
        items.append(item)
        child = len(items) - 1
        while child > 0:
            parent = (child - 1) >> 1
            if items[parent] <= item:
                break
            items[child] = items[parent]
            child = parent
        items[child] = item

    def pop(self):
        items = self.items
        last = items.pop()
        if not items:
            return last
        top = items[0]
        parent = 0
        size = len(items)
        while (child := 2 * parent + 1) < size:
            if child + 1 < size and items[child + 1] < items[child]:
                child += 1
            if last <= items[child]:
                break
            items[parent] = items[child]
            parent = child
        items[parent] = last
        return top


def make_graph(nodes):
    state = 2024
    graph = {node: [] for node in range(nodes)}
    for node in range(nodes):
        graph[node].append(((node + 1) % nodes, 50))
        for _ in range(4):
            state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
            target = (state >> 8) % nodes
            graph[node].append((target, 1 + (state >> 4) % 97))
    return graph


def shortest_ways(graph, source):
    distances = {source: 0}
    previous = {}
    done = set()
    heap = BinaryHeap()
    heap.push((0, source))
    while heap:
        distance, node = heap.pop()
        if node in done:
            continue
        done.add(node)
        for target, length in graph[node]:
            new = distance + length
            if target not in distances or new < distances[target]:
                distances[target] = new
                previous[target] = node
                heap.push((new, target))
    return distances, previous


def farthest_with_heapq(graph, source):
    distances = {}
    queue = [(0, source)]
    while queue:
        distance, node = heapq.heappop(queue)
        if node in distances:
            continue
        distances[node] = distance
        for target, length in graph[node]:
            if target not in distances:
                heapq.heappush(queue, (distance + length, target))
    return max(distances.values()), sum(distances.values())


def way_to(previous, target):
    way = [target]
    while way[-1] in previous:
        way.append(previous[way[-1]])
    return way[::-1]


def main():
    nodes = int(sys.argv[1]) if len(sys.argv) > 1 else 16000
    graph = make_graph(nodes)
    distances, previous = shortest_ways(graph, 0)
    way = way_to(previous, nodes // 2)
    farthest, total = farthest_with_heapq(graph, 0)
    assert farthest == max(distances.values()) and total == sum(distances.values())
    result = (farthest, total, len(way), distances[nodes // 2])
    assert result == ANSWERS.get(nodes, result), result
    print(f"dijkstra({nodes}) = {result}")


if __name__ == "__main__":
    main()
