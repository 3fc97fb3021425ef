-- Places are numbers, since Lua has no tuples that are equal by value.
local WIDTH = 65536
local MIDDLE = WIDTH / 2
local function key(x, y) return (y + MIDDLE) * WIDTH + x + MIDDLE end
local function step(alive)
  local counts = {}
  for place in pairs(alive) do
    for dy = -1, 1 do
      for dx = -1, 1 do
        if dx ~= 0 or dy ~= 0 then
          local other = place + dy * WIDTH + dx
          counts[other] = (counts[other] or 0) + 1
        end
      end
    end
  end
  local next_alive = {}
  for place, count in pairs(counts) do
    if count == 3 or count == 2 and alive[place] then next_alive[place] = true end
  end
  return next_alive
end
local generations = tonumber(arg[1] or 700)
local alive = {}
for y, line in ipairs({ ".O......", "...O....", "OO..OOO." }) do
  for x = 1, #line do if line:sub(x, x) == "O" then alive[key(x - 1, y - 1)] = true end end
end
for _ = 1, generations do alive = step(alive) end
local glider = {}
for _, place in ipairs({ { 1, 0 }, { 2, 1 }, { 0, 2 }, { 1, 2 }, { 2, 2 } }) do glider[key(place[1], place[2])] = true end
local first = glider
for _ = 1, 40 do glider = step(glider) end
for place in pairs(first) do assert(glider[place + 10 * WIDTH + 10]) end
local count, x0, x1, y0, y1 = 0, math.huge, -math.huge, math.huge, -math.huge
for place in pairs(alive) do
  local x, y = place % WIDTH, math.floor(place / WIDTH)
  count = count + 1
  x0, x1, y0, y1 = math.min(x0, x), math.max(x1, x), math.min(y0, y), math.max(y1, y)
end
print(string.format("game_of_life(%d) = (%d, %d, %d)", generations, count, x1 - x0 + 1, y1 - y0 + 1))
