#!/usr/bin/env bash
# Runs every workload at a small size with the given binary: on both machines, tail and loop dispatch, and with a
# collection at every thousandth safepoint. Outputs must be equal. Prints what failed and `N passed, N failed`.
set -uo pipefail
amphis=$(realpath "$1")
cd "$(dirname "$0")/workloads"
declare -A size=([fib]=16 [int_loops]=2000 [sieve]=20000 [nbody]=500 [spectral_norm]=16 [fannkuch]=6 [mandelbrot]=24
    [matmul]=12 [nqueens_generators]=5 [scheduler]=1000 [word_count]=4000 [exceptions]=1000 [closures]=2000
    [string_building]=2000 [tokenizer_parser_evaluator]=40 [dijkstra]=200 [game_of_life]=10 [json_printer]=40
    [binary_trees]=8 [constraints]=20 [hash_lcg]=2000 [keyword_calls]=1000 [pipelines]=2000 [raytracer]=10)
passed=0 failed=0
for file in *.py; do
    name=${file%.py}
    want=
    for variant in 'register tail 0' 'register loop 0' 'stack tail 0' 'stack loop 0' 'register tail 1000' 'stack tail 1000'; do
        read -r machine dispatch stress <<<"$variant"
        got=$(AMPHIS_GC_STRESS=$stress timeout 120 "$amphis" run --machine "$machine" --dispatch "$dispatch" \
            "$file" ${size[$name]:-} 2>&1) && status=0 || status=$?
        [ -n "$want" ] || want=$got
        if [ $status = 0 ] && [ "$got" = "$want" ]; then
            passed=$((passed + 1))
        else
            failed=$((failed + 1))
            printf '%s on %s (%s, stress %s): status %s\n%s\n' "$name" "$machine" "$dispatch" "$stress" "$status" "$got" | tail -5
        fi
    done
done
echo "$passed passed, $failed failed"
[ $failed = 0 ]
