local ITERATIONS = 50
local function escapes(cx, cy)
  local x, y = 0.0, 0.0
  for i = 0, ITERATIONS - 1 do
    local xx, yy = x * x, y * y
    if xx + yy > 4.0 then return i end
    y = 2.0 * x * y + cy
    x = xx - yy + cx
  end
  return ITERATIONS
end
-- Lua has no complex numbers: the same steps on pairs.
local function escapes_complex(cx, cy)
  local x, y = 0.0, 0.0
  for i = 0, ITERATIONS - 1 do
    if (x * x + y * y) ^ 0.5 > 2.0 then return i end
    x, y = x * x - y * y + cx, x * y + y * x + cy
  end
  return ITERATIONS
end
local size = tonumber(arg[1] or 340)
local inside, total, inside_complex = 0, 0, 0
for row = 0, size - 1 do
  local cy = 2.0 * row / size - 1.0
  for column = 0, size - 1 do
    local steps = escapes(3.0 * column / size - 2.0, cy)
    total = total + steps
    if steps == ITERATIONS then inside = inside + 1 end
  end
end
local small = math.floor(size / 4)
for row = 0, small - 1 do
  for column = 0, small - 1 do
    if escapes_complex(3.0 * column / small - 2.0, 2.0 * row / small - 1.0) == ITERATIONS then
      inside_complex = inside_complex + 1
    end
  end
end
print(string.format("mandelbrot(%d) = (%d, %d, %d)", size, inside, total, inside_complex))
