local function fannkuch(n)
  local permutation, count = {}, {}
  for i = 1, n do permutation[i], count[i] = i - 1, 0 end
  local checksum, most_flips, remaining, even = 0, 0, n, true
  while true do
    while remaining ~= 1 do
      count[remaining] = remaining
      remaining = remaining - 1
    end
    local first = permutation[1]
    if first ~= 0 then
      local flipped, flips = {}, 0
      for i = 1, n do flipped[i] = permutation[i] end
      while first ~= 0 do
        local low, high = 1, first + 1
        while low < high do
          flipped[low], flipped[high] = flipped[high], flipped[low]
          low, high = low + 1, high - 1
        end
        flips = flips + 1
        first = flipped[1]
      end
      if flips > most_flips then most_flips = flips end
      checksum = checksum + (even and flips or -flips)
    end
    while true do
      if remaining == n then return checksum, most_flips end
      local moved = permutation[1]
      for i = 1, remaining do permutation[i] = permutation[i + 1] end
      permutation[remaining + 1] = moved
      count[remaining + 1] = count[remaining + 1] - 1
      if count[remaining + 1] > 0 then break end
      remaining = remaining + 1
    end
    even = not even
  end
end
local n = tonumber(arg[1] or 9)
print(string.format("fannkuch(%d) = (%d, %d)", n, fannkuch(n)))
