#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Sets up a Debian 12 machine, builds, and then runs the demo or the tests:
#   packaging/quickstart.sh demo    packaging/quickstart.sh test
# Runs again quickly: installed packages and built files are kept, and then no network is needed.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
build=${QUANTOSCOPE_BUILD_DIR:-$root/build}
packages=(
  cmake ninja-build g++ ccache pkg-config
  qt6-base-dev qt6-tools-dev qt6-tools-dev-tools qt6-l10n-tools libqt6svg6 qt6-svg-dev
  libqcustomplot-dev libqcustomplot2.1-qt6
  libtorch-dev libopenblas0-pthread libopencv-dev libhdf5-dev libjpeg-dev libpng-dev libxcb1-dev
  libonnx-dev libprotobuf-dev libarchive-dev zlib1g-dev libmatio-dev libminizip-dev libdeflate-dev libssl-dev ca-certificates
  libexpected-dev libfmt-dev libhwy-dev nlohmann-json3-dev libcli11-dev
  xvfb xauth hdf5-tools desktop-file-utils appstream fonts-dejavu-core fonts-noto-cjk qt6-translations-l10n
  dpkg-dev file
)

install_packages() {
  local missing=()
  for package in "${packages[@]}"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  echo "Installing: ${missing[*]}" >&2
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
      echo "Installing packages needs root and there is no sudo. Install as root: ${missing[*]}" >&2
      exit 1
    fi
    as_root=(sudo)
  fi
  "${as_root[@]}" apt-get update
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"
}

build_all() {
  [ -f "$build/build.ninja" ] || cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release
  cmake --build "$build" --parallel "$(nproc)"
}

# For the tests that run exported models with it; they are skipped, with the reason, where it is missing.
fetch_onnx_runtime() {
  local place=$build/onnxruntime
  [ -d "$place/node_modules/onnxruntime-node" ] && return
  if ! command -v npm >/dev/null; then
    echo "ONNX Runtime is not fetched: there is no npm" >&2
    return 1
  fi
  mkdir -p "$place"
  # Its install script would fetch what only a GPU needs.
  timeout 300 npm install --prefix "$place" --ignore-scripts --no-audit --no-fund --loglevel=error onnxruntime-node >&2
}

has_display() {
  [ -n "${WAYLAND_DISPLAY:-}" ] || [ -n "${DISPLAY:-}" ]
}

case "${1:-}" in
  demo)
    install_packages
    build_all
    "$build/bin/quantoscope-cli" demo --out demo-report.h5 --plots demo-plots
    if has_display; then
      "$build/bin/quantoscope" --demo
    else
      echo "No display, so the window stays closed; with one: $build/bin/quantoscope --demo" >&2
    fi
    ;;
  test)
    install_packages
    build_all
    fetch_onnx_runtime || echo "tests of exported models with ONNX Runtime will be skipped" >&2
    ctest --test-dir "$build" --output-on-failure --no-tests=error
    ;;
  onnxruntime)
    fetch_onnx_runtime
    ;;
  *)
    echo "usage: $0 demo | test | onnxruntime" >&2
    exit 2
    ;;
esac
