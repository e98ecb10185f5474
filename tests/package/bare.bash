# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Sourced by the tests of what is installed elsewhere: roots of a bare Debian 12, and commands that run in them.

shopt -s inherit_errexit
bare_folder=$PWD/.build/bare
mkdir -p "$bare_folder"

# bare_root NAME: unpacks Debian's minbase, which is fetched once, to a folder of that name; prints the folder
bare_root() {
    local root=$bare_folder/$1 archive=$bare_folder/minbase.tar sources=()
    if [[ ! -s $archive ]]; then
        # This machine's sources, where they are Debian's, for they are known to be reached from here.
        [[ ! -s /etc/apt/sources.list.d/debian.sources ]] || sources=(/etc/apt/sources.list.d/debian.sources)
        mmdebstrap --quiet --variant=minbase --format=tar bookworm "$archive.new" "${sources[@]}" >&2
        mv "$archive.new" "$archive"
    fi
    rm -rf --one-file-system "$root"
    mkdir -p "$root"
    tar -C "$root" -xf "$archive"
    cp /etc/resolv.conf /etc/hosts "$root/etc/"
    echo "$root"
}

# within ROOT COMMAND…: runs it in there, as root, with /proc and /dev, and nothing of this environment but its path
within() {
    local root=$1
    shift
    in_root "$root" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
        DEBIAN_FRONTEND=noninteractive "$@"
}

# in_root ROOT [--read-only] COMMAND…: the same with the environment as it is. ROOT may be read-only but for $VOLUMES, the
# command may be of another user, $IDENTITY, and in another network, $NETWORK; with $IN_PLACE this shell becomes it
in_root() {
    local root=$1 mode=rw
    shift
    if [[ $1 == --read-only ]]; then
        mode=ro
        shift
    fi
    # shellcheck disable=SC2016 # the words are the inner shell's
    ${IN_PLACE:+exec} ${NETWORK:+ip netns exec "$NETWORK"} unshare --mount sh -euc '
        root=$1 mode=$2
        shift 2
        mount --bind "$root" "$root"
        for volume in ${VOLUMES:-}; do mount --bind "$root$volume" "$root$volume"; done
        mount -o "remount,bind,$mode" "$root"
        mount -t proc proc "$root/proc"
        mount --bind /dev "$root/dev"
        exec chroot ${IDENTITY:+--userspec="$IDENTITY"} "$root" "$@"' sh "$root" "$mode" "$@"
}

# until_true WHAT COMMAND…: waits for it to succeed, at most 20 s
until_true() {
    local what=$1 end=$((SECONDS + 20))
    shift
    until "$@" >/dev/null 2>&1; do
        ((SECONDS < end)) || { echo "waited 20 s in vain for $what" >&2; return 1; }
        sleep 0.05
    done
}

# expect WHAT COMMAND…: a line for what holds, and the end for what does not
expect() {
    local what=$1
    shift
    "$@" || { echo "not so: $what" >&2; exit 1; }
    echo "so it is: $what"
}
