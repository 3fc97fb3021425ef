local function primes_below(limit)
  local is_prime = {}
  for n = 0, limit - 1 do is_prime[n] = true end
  is_prime[0], is_prime[1] = false, false
  local candidate = 2
  while candidate * candidate < limit do
    if is_prime[candidate] then
      for multiple = candidate * candidate, limit - 1, candidate do is_prime[multiple] = false end
    end
    candidate = candidate + 1
  end
  local primes = {}
  for n = 0, limit - 1 do if is_prime[n] then primes[#primes + 1] = n end end
  return primes
end
local limit = tonumber(arg[1] or 3000000)
local primes = primes_below(limit)
local twins, widest, previous = 0, 0, primes[1]
for i = 1, #primes - 1 do if primes[i + 1] - primes[i] == 2 then twins = twins + 1 end end
for _, prime in ipairs(primes) do
  if prime - previous > widest then widest = prime - previous end
  previous = prime
end
print(string.format("sieve(%d) = (%d, %d, %d)", limit, #primes, twins, widest))
