#!/bin/sh
# Measures a GPU on a machine that has neither Node nor a network: sh run-from-bundle.sh BUNDLE [OPTION…]
# BUNDLE is what `npm run bundle -- --webgpu --out BUNDLE` made; the options are those of gpu.ts, beside this file.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
bundle=$1
shift
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
case $bundle in
  *.tar.xz) xz -dc "$bundle" | tar -xf - -C "$dir" ;;
  *.tar.zst) zstd -dc "$bundle" | tar -xf - -C "$dir" ;;
  *) tar -xf "$bundle" -C "$dir" ;;
esac
root=$dir/microtome-worker
mkdir -p "$root/test/bench" "$root/node_modules/@microtome"
cp -R "$here" "$here/../contenders" "$root/test/bench/"
[ -e "$root/node_modules/@microtome/train" ] || ln -s ../../workers/train "$root/node_modules/@microtome/train"
LD_LIBRARY_PATH=$root/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH} "$root/bin/node" "$root/test/bench/gpu/gpu.ts" "$@"
