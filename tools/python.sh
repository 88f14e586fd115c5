#!/bin/sh
# python.sh: name the Python to use. Debian's own comes first: a private one earlier on PATH may be
# of any age, and Meson runs under Debian's as well.
if [ -x /usr/bin/python3 ]; then
    echo /usr/bin/python3
else
    echo python3
fi
