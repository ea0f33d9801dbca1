#!/bin/sh
# install.sh [PREFIX]: puts psf_monitor under PREFIX (~/.local) for the user, again over an older version; settings stay.
# While the psf_monitor that is there is open it changes nothing and ends with 1.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
prefix=${1:-$HOME/.local}
mkdir -p -- "$prefix/lib" "$prefix/bin"
prefix=$(cd -- "$prefix" && pwd -P)
program=$prefix/lib/psf-monitor

for process in /proc/[0-9]*; do
    if [ "$(readlink "$process/exe" 2>/dev/null)" = "$program/psf-monitor" ]; then
        echo "psf_monitor is open (process ${process#/proc/}), and what it has yet to load would change under it: close it, then install again" >&2
        exit 1
    fi
done

rm -rf "$program.new"
cp -r "$here/psf-monitor" "$program.new"
rm -rf "$program"
mv "$program.new" "$program"
ln -sf "$program/psf-monitor" "$prefix/bin/psf-monitor"
cp -r "$here/share" "$prefix/"
entry=share/applications/psf-monitor.desktop
# What a menu entry's quotes do not cover, each with the backslashes that survive being read twice.
quoted=$(printf %s "$prefix/bin/psf-monitor" | sed 's/\\/\\\\\\\\/g; s/["`$]/\\\\&/g; s/%/%%/g')
{ grep -v '^Exec=' "$here/$entry" && printf 'Exec="%s"\n' "$quoted"; } >"$prefix/$entry"

folder=$(printf %s "$prefix" | sed "s/'/'\\\\''/g")
shared=$(cd "$here" && find share -type f | tr '\n' ' ')
echo "psf_monitor is in $prefix: start it from the menu, or as bin/psf-monitor there"
echo "To take it away: cd '$folder' && rm -r lib/psf-monitor bin/psf-monitor $shared"
