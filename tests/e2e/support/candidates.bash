# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Prints what bash would offer behind a line, a candidate per line.
# usage: bash --norc candidates.bash SCRIPT WORD…    the last word is the one that is being written
# shellcheck source=/dev/null
source "$1"
COMP_WORDS=("${@:2}")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_cosdiag
((${#COMPREPLY[@]} == 0)) || printf '%s\n' "${COMPREPLY[@]}"
