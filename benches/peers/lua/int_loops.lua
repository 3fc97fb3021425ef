local floor = math.floor
local function longest_collatz_chain(limit)
  local best_start, best_length = 1, 1
  for start = 1, limit - 1, 2 do
    local n, length = start, 1
    while n ~= 1 do
      if n % 2 == 0 then n = floor(n / 2) else n = 3 * n + 1 end
      length = length + 1
    end
    if length > best_length then best_start, best_length = start, length end
  end
  return best_start, best_length
end
local function sum_of_gcds(limit)
  local total = 0
  local step = floor(limit / 100)
  if step == 0 then step = 1 end
  for a = 1, limit - 1, step do
    for b = 1, 99 do
      local x, y = a, b
      while y ~= 0 do x, y = y, x % y end
      total = total + x
    end
  end
  return total
end
local function sum_of_digits(limit)
  local total = 0
  for start = 0, limit - 1 do
    local n = start
    while n > 0 do
      total = total + n % 10
      n = floor(n / 10)
    end
  end
  return total
end
local limit = tonumber(arg[1] or 70000)
local start, length = longest_collatz_chain(limit)
print(string.format("int_loops(%d) = (%d, %d, %d, %d)", limit, start, length, sum_of_gcds(limit), sum_of_digits(limit)))
