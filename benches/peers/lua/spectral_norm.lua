local floor = math.floor
local function cell(i, j) return 1.0 / (floor((i + j) * (i + j + 1) / 2) + i + 1) end
local function times(v)
  local out = {}
  for i = 1, #v do
    local total = 0.0
    for j = 1, #v do total = total + cell(i - 1, j - 1) * v[j] end
    out[i] = total
  end
  return out
end
local function times_transposed(v)
  local out = {}
  for i = 1, #v do
    local total = 0.0
    for j = 1, #v do total = total + cell(j - 1, i - 1) * v[j] end
    out[i] = total
  end
  return out
end
local n = tonumber(arg[1] or 180)
local u, v = {}, nil
for i = 1, n do u[i] = 1.0 end
for _ = 1, 10 do
  v = times_transposed(times(u))
  u = times_transposed(times(v))
end
local numerator, denominator = 0.0, 0.0
for i = 1, n do
  numerator = numerator + u[i] * v[i]
  denominator = denominator + v[i] * v[i]
end
print(string.format("spectral_norm(%d) = %.9f", n, (numerator / denominator) ^ 0.5))
