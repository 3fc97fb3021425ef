"""A ray tracer of spheres over a floor: small classes with operator methods, floats, virtual calls."""

import sys

ANSWERS = {5: (2583, 219), 130: (1701324, 232)}


class Vector:
    __slots__ = ("x", "y", "z")

    def __init__(self, x, y, z):
        self.x = x
        self.y = y
        self.z = z

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y, self.z + other.z)

    def __sub__(self, other):
        return Vector(self.x - other.x, self.y - other.y, self.z - other.z)

    def __mul__(self, factor):
        return Vector(self.x * factor, self.y * factor, self.z * factor)

    def dot(self, other):
        return self.x * other.x + self.y * other.y + self.z * other.z

    def normalized(self):
        return self * (1.0 / self.dot(self) ** 0.5)

    def reflected(self, normal):
        return self - normal * (2.0 * self.dot(normal))


class Ray:
    def __init__(self, origin, direction):
        self.origin = origin
        self.direction = direction.normalized()

    def at(self, distance):
        return self.origin + self.direction * distance


class Surface:
    def __init__(self, brightness, mirror):
        self.brightness = brightness
        self.mirror = mirror

    def shade(self, point):
        return self.brightness


class Sphere(Surface):
    def __init__(self, centre, radius, brightness, mirror=0.0):
        super().__init__(brightness, mirror)
        self.centre = centre
        self.radius = radius

    def hit(self, ray):
        to_centre = self.centre - ray.origin
        along = to_centre.dot(ray.direction)
        inside = self.radius * self.radius - to_centre.dot(to_centre) + along * along
        if inside < 0:
            return None
        distance = along - inside**0.5
        return distance if distance > 1e-6 else None

    def normal(self, point):
        return (point - self.centre).normalized()


class Floor(Surface):
    """A chequered plane."""

    def __init__(self, height, mirror=0.0):
        super().__init__(1.0, mirror)
        self.height = height
        self.up = Vector(0.0, 1.0, 0.0)

    def hit(self, ray):
        if abs(ray.direction.y) < 1e-9:
            return None
        distance = (self.height - ray.origin.y) / ray.direction.y
        return distance if distance > 1e-6 else None

    def normal(self, point):
        return self.up

    def shade(self, point):
        return 0.9 if (int(point.x + 1000) + int(point.z + 1000)) % 2 == 0 else 0.2


class Scene:
    def __init__(self, things, lights):
        self.things = things
        self.lights = lights

    def nearest(self, ray):
        best = None
        best_distance = 1e30
        for thing in self.things:
            distance = thing.hit(ray)
            if distance is not None and distance < best_distance:
                best = thing
                best_distance = distance
        return best, best_distance

    def visible_lights(self, point):
        for light in self.lights:
            ray = Ray(point, light - point)
            if self.nearest(ray)[0] is None or isinstance(self.nearest(ray)[0], Floor):
                yield ray.direction

    def trace(self, ray, depth=0):
        thing, distance = self.nearest(ray)
        if thing is None:
            return 0.5 + 0.3 * ray.direction.y
        point = ray.at(distance)
        normal = thing.normal(point)
        light = 0.1
        for direction in self.visible_lights(point):
            light += max(0.0, normal.dot(direction))
        brightness = light * thing.shade(point)
        if thing.mirror > 0.0 and depth < 3:
            reflected = self.trace(Ray(point, ray.direction.reflected(normal)), depth + 1)
            brightness = brightness * (1.0 - thing.mirror) + reflected * thing.mirror
        return brightness


def render(scene, size):
    eye = Vector(0.0, 1.5, -6.0)
    rows = []
    for row in range(size):
        line = []
        for column in range(size):
            direction = Vector((column - size / 2) / size, (size / 2 - row) / size, 1.0)
            brightness = scene.trace(Ray(eye, direction))
            line.append(min(255, int(brightness * 160)))
        rows.append(line)
    return rows


def main():
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 130
    things = [Floor(0.0, mirror=0.1)]
    for i in range(4):
        things.append(Sphere(Vector(i * 1.5 - 2.5, 1.0, i * 0.7), 0.8, 0.9 - 0.1 * i, mirror=0.2 * i))
    scene = Scene(things, [Vector(5.0, 8.0, -6.0), Vector(-6.0, 6.0, -2.0)])
    rows = render(scene, size)
    result = (sum(map(sum, rows)), max(map(max, rows)))
    assert result == ANSWERS.get(size, result), result
    print(f"raytracer({size}) = {result}")


if __name__ == "__main__":
    main()
