#!/bin/sh
# install.sh [PREFIX]: puts psf_monitor under PREFIX (~/.local) for the user, again over an older version; settings stay.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
prefix=${1:-$HOME/.local}
rm -rf "$prefix/lib/psf-monitor"
mkdir -p "$prefix/lib" "$prefix/bin"
cp -r "$here/psf-monitor" "$prefix/lib/psf-monitor"
ln -sf "$prefix/lib/psf-monitor/psf-monitor" "$prefix/bin/psf-monitor"
cp -r "$here/share" "$prefix/"
sed -i "s|^Exec=.*|Exec=\"$prefix/bin/psf-monitor\"|" "$prefix/share/applications/psf-monitor.desktop"
echo "psf_monitor is in $prefix; to take it away: rm -r $prefix/lib/psf-monitor $prefix/bin/psf-monitor and share/*/psf-monitor*"
