#!/bin/bash
# Brings distribution builds of CPython (PGO + LTO), the yardstick of the measurements, into one folder:
#   get_cpython.sh DIR [VERSION ...]      default versions: 3.13 3.15
# Packages come from Debian's unstable suite of the mirror that this machine's apt already uses; they are unpacked into
# DIR with their own C library and loader (nothing on the machine changes). Prints the interpreters' paths.
# Needs root's apt-get and patchelf (apt-get install patchelf).
set -euo pipefail
dir=$(mkdir -p "$1" && cd "$1" && pwd); shift
versions=("${@:-}"); [ -n "${versions[0]}" ] || versions=(3.13 3.15)
command -v patchelf >/dev/null || apt-get install -y -qq patchelf >/dev/null
mirror=$(grep -rhoE "https?://[^ ]+/debian/?( |$)" /etc/apt/sources.list /etc/apt/sources.list.d/ 2>/dev/null | head -1 | tr -d " " || true)
mkdir -p "$dir"/apt/{lists/partial,cache/archives/partial,debs}
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${mirror%/} sid main" >"$dir/apt/sources.list"
apt() { apt-get -qq -o APT::Sandbox::User=root -o Dir::Etc::sourcelist="$dir/apt/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::State::lists="$dir/apt/lists" -o Dir::Cache="$dir/apt/cache" "$@"; }
apt update
packages=(libc6 zlib1g libexpat1 libffi8 libssl3t64 libbz2-1.0 liblzma5 libmpdec4 libzstd1)
for v in "${versions[@]}"; do
    packages+=("python$v-minimal" "python$v" "libpython$v-minimal" "libpython$v-stdlib")
done
(cd "$dir/apt/debs" && rm -f ./*.deb && apt download "${packages[@]}")
for deb in "$dir"/apt/debs/*.deb; do dpkg -x "$deb" "$dir"; done
lib=$dir/usr/lib/x86_64-linux-gnu
for v in "${versions[@]}"; do
    patchelf --set-interpreter "$lib/ld-linux-x86-64.so.2" --force-rpath --set-rpath "$lib" "$dir/usr/bin/python$v"
    "$dir/usr/bin/python$v" -c 'import sys; print(sys.executable, sys.version.split()[0])'
done
