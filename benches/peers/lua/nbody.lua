local SOLAR_MASS, DAYS = 4 * math.pi * math.pi, 365.24
local PLANETS = {
  { { 0, 0, 0 }, { 0, 0, 0 }, 1 },
  { { 4.84143144246472090e00, -1.16032004402742839e00, -1.03622044471123109e-01 },
    { 1.66007664274403694e-03, 7.69901118419740425e-03, -6.90460016972063023e-05 }, 9.54791938424326609e-04 },
  { { 8.34336671824457987e00, 4.12479856412430479e00, -4.03523417114321381e-01 },
    { -2.76742510726411899e-03, 4.99852801234917238e-03, 2.30417297573763929e-05 }, 2.85885980666130812e-04 },
  { { 1.28943695621391310e01, -1.51111514016986312e01, -2.23307578892655734e-01 },
    { 2.96460137564761618e-03, 2.37847173959480950e-03, -2.96589568540237556e-05 }, 4.36624404335156298e-05 },
  { { 1.53796971148509165e01, -2.59193146099879641e01, 1.79258772950371181e-01 },
    { 2.68067772490389322e-03, 1.62824170038242295e-03, -9.51592254519715870e-05 }, 5.15138902046611451e-05 },
}
local bodies, pairs_of = {}, {}
for i, planet in ipairs(PLANETS) do
  local v = planet[2]
  bodies[i] = { planet[1], { v[1] * DAYS, v[2] * DAYS, v[3] * DAYS }, planet[3] * SOLAR_MASS }
end
for i = 1, #bodies do
  for j = i + 1, #bodies do pairs_of[#pairs_of + 1] = { bodies[i], bodies[j] } end
end
local momentum = { 0.0, 0.0, 0.0 }
for _, body in ipairs(bodies) do
  for axis = 1, 3 do momentum[axis] = momentum[axis] - body[2][axis] * body[3] end
end
for axis = 1, 3 do bodies[1][2][axis] = momentum[axis] / bodies[1][3] end
local function energy()
  local total = 0.0
  for _, body in ipairs(bodies) do
    local v = body[2]
    total = total + body[3] * (v[1] * v[1] + v[2] * v[2] + v[3] * v[3]) / 2.0
  end
  for _, pair in ipairs(pairs_of) do
    local p, q = pair[1][1], pair[2][1]
    local dx, dy, dz = p[1] - q[1], p[2] - q[2], p[3] - q[3]
    total = total - pair[1][3] * pair[2][3] / (dx * dx + dy * dy + dz * dz) ^ 0.5
  end
  return total
end
local function advance(dt, steps)
  for _ = 1, steps do
    for i = 1, #pairs_of do
      local pair = pairs_of[i]
      local first, second = pair[1], pair[2]
      local p, v1, q, v2 = first[1], first[2], second[1], second[2]
      local dx, dy, dz = p[1] - q[1], p[2] - q[2], p[3] - q[3]
      local square = dx * dx + dy * dy + dz * dz
      local magnitude = dt / (square * square ^ 0.5)
      local b1, b2 = first[3] * magnitude, second[3] * magnitude
      v1[1], v1[2], v1[3] = v1[1] - dx * b2, v1[2] - dy * b2, v1[3] - dz * b2
      v2[1], v2[2], v2[3] = v2[1] + dx * b1, v2[2] + dy * b1, v2[3] + dz * b1
    end
    for i = 1, #bodies do
      local p, v = bodies[i][1], bodies[i][2]
      p[1], p[2], p[3] = p[1] + dt * v[1], p[2] + dt * v[2], p[3] + dt * v[3]
    end
  end
end
local steps = tonumber(arg[1] or 70000)
local before = energy()
advance(0.01, steps)
print(string.format("nbody(%d) = %.9f %.9f", steps, before, energy()))
