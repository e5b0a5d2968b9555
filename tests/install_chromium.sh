#!/usr/bin/env bash
# The browser tests need Debian's Chromium, with a window for the kiosk and without one for the
# rest, and one Chinese font; install them only where they lack.
set -euo pipefail
has() { command -v "$1" >/dev/null; }
if ! has chromium || ! has chromium-headless-shell || ! fc-list 2>/dev/null | grep -qi "noto.*cjk"; then
  sudo=""
  [ "$(id -u)" -eq 0 ] || sudo=sudo
  $sudo apt-get update -qq
  packages=(chromium fonts-noto-cjk)
  ! apt-cache show chromium-headless-shell >/dev/null 2>&1 || packages+=(chromium-headless-shell)
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${packages[@]}" >/dev/null
fi
