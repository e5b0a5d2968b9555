#!/usr/bin/env bash
# The browser tests need Debian's Chromium and one Chinese font, and are quicker with the Chromium
# that has no window; install them only where they lack.
set -euo pipefail
has() { command -v "$1" >/dev/null; }
known() { apt-cache show "$1" >/dev/null 2>&1; }
# Not where the distribution has none: its lists are there, and name only the one with a window.
lacks_shell() { ! has chromium-headless-shell && { known chromium-headless-shell || ! known chromium; }; }
can_test() { has chromium && fc-list 2>/dev/null | grep -qi "noto.*cjk"; }
install() {
  local sudo="" packages=(chromium fonts-noto-cjk)
  [ "$(id -u)" -eq 0 ] || sudo=sudo
  $sudo apt-get update -qq || return
  ! known chromium-headless-shell || packages+=(chromium-headless-shell)
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${packages[@]}" >/dev/null
}
if ! can_test || { has apt-get && lacks_shell; }; then
  install || can_test
fi
