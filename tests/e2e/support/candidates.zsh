# SPDX-License-Identifier: Apache-2.0
# Prints what an interactive zsh offers for lines when Tab is pressed behind them: a candidate per line, and a line with
# a full stop behind those of each.
# usage: zsh -f candidates.zsh SCRIPT LINE…
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "PROMPT=; autoload -Uz compinit; compinit -D -u; source $1"
# Candidates come through compadd; those that it only sorts for its caller (-O, -A, -D) do not count.
zpty -w shell 'compadd() {
    if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then builtin compadd "$@"; return; fi
    local -a found
    builtin compadd -A found "$@"
    print -rl -- "<"${^found}">"
    builtin compadd "$@"
}'
zpty -w shell 'finish() { zle kill-buffer; print "<"".>" }; zle -N finish; bindkey "^Y" finish'
zpty -w shell 'unsetopt list_beep; LISTMAX=0; print "<""READY"">"'
until [[ $said == *'<READY>'* ]]; do zpty -r shell said || exit; done
for line in "${@:2}"; do
    zpty -n -w shell "$line"$'\t\x19'
    while zpty -r shell said; do
        print -rn -- $said
        [[ $said != *'<.>'* ]] || break
    done
done | tr -d '\r' | sed -n 's/^.*<\([^<>]*\)>$/\1/p'
