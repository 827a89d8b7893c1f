# shellcheck shell=bash
# A Docker daemon of our own, for machines without one that answers, and the image that its containers start from.
# Sourced by scripts/sam-test; everything lies under $work, in a network namespace of its own.

engine_name=starbid-sam-$$
engine_pid=
engine_policy=
engine_folder=
engine_gateway=172.17.0.1
engine_socket=unix://$work/engine/docker.sock
engine_enter=()

start_engine() {
    [ "$(id -u)" = 0 ] && [ -e /etc/debian_version ] && [ "$(uname -m)" = x86_64 ] || return 1
    install_engine || return 1
    mkdir "$work/engine"
    # The first namespace of a machine has this folder mounted.
    mountpoint -q /run/netns || engine_folder=/run/netns
    ip netns add "$engine_name" 2>"$work/engine/log" || { engine_failed && return 1; }
    # Not `ip netns exec`: it mounts another /sys, and dockerd dies of that.
    engine_enter=(nsenter "--net=/run/netns/$engine_name")
    "${engine_enter[@]}" ip link set lo up 2>"$work/engine/log" || { engine_failed && return 1; }
    # A session of its own: it is for us to end it, after what uses it.
    setsid "${engine_enter[@]}" dockerd --host "$engine_socket" --data-root "$work/engine/data" --exec-root "$work/engine/exec" \
        --pidfile "$work/engine/pid" --bip "$engine_gateway/16" --default-ulimit nofile=1024:1024 \
        >"$work/engine/log" 2>&1 &
    engine_pid=$!
    if wait_for_engine && import_image; then return 0; fi
    engine_failed
    return 1
}

engine_failed() {
    say "a Docker daemon of our own does not work here:" >&2
    tail -n 5 "$work/engine/log" >&2
    stop_engine
}

install_engine() {
    command -v dockerd >/dev/null && command -v iptables >/dev/null && command -v ip >/dev/null && return 0
    command -v apt-get >/dev/null || return 1
    say "installing docker.io, iptables and iproute2" >&2
    # Debian starts what it installs; this daemon is for us to start, and to end.
    if [ ! -e /usr/sbin/policy-rc.d ]; then
        engine_policy=/usr/sbin/policy-rc.d
        printf '#!/bin/sh\nexit 101\n' >"$engine_policy" && chmod 755 "$engine_policy"
    fi
    local status=0
    {
        timeout 120 apt-get update -qq &&
            DEBIAN_FRONTEND=noninteractive timeout 240 apt-get install -y -qq --no-install-recommends docker.io iptables iproute2
    } </dev/null >"$work/apt.log" 2>&1 || status=$?
    allow_starts
    [ "$status" = 0 ] || tail -n 5 "$work/apt.log" >&2
    return "$status"
}

allow_starts() {
    if [ -n "$engine_policy" ]; then rm -f "$engine_policy" && engine_policy=; fi
}

wait_for_engine() {
    for _ in $(seq 60); do
        kill -0 "$engine_pid" 2>/dev/null || return 1
        timeout 5 docker --host "$engine_socket" info >/dev/null 2>&1 && return 0
        sleep 0.5
    done
    return 1
}

# SAM puts the layer and its runtime interface emulator on top of it.
import_image() {
    attended .venv/bin/python -m scripts.sam_test.base_image "$(scripts/find-python 3.13)" .venv-lambda "$work/image.tar" &&
        attended timeout 120 docker --host "$engine_socket" import \
            --change 'ENV PATH=/var/lang/bin:/usr/bin:/bin LAMBDA_TASK_ROOT=/var/task LAMBDA_RUNTIME_DIR=/var/runtime LANG=C.UTF-8 TZ=:UTC' \
            --change 'WORKDIR /var/task' "$work/image.tar" "$image" >>"$work/engine/log" 2>&1 &&
        rm "$work/image.tar"
}

stop_engine() {
    allow_starts
    if [ -n "$engine_pid" ]; then
        kill -TERM "$engine_pid" 2>/dev/null || true
        for _ in $(seq 60); do
            kill -0 "$engine_pid" 2>/dev/null || break
            sleep 0.5
        done
        kill -KILL "$engine_pid" 2>/dev/null || true
        wait "$engine_pid" 2>/dev/null || true
        engine_pid=
    fi
    # What a daemon that was killed leaves mounted, the deepest first; nothing is deleted through a mount.
    awk -v under="$work/" 'index($2, under) == 1 { print $2 }' /proc/mounts 2>/dev/null | sort -r |
        while IFS= read -r place; do umount -l "$place" 2>/dev/null || true; done
    if [ -e "/run/netns/$engine_name" ]; then ip netns delete "$engine_name" || true; fi
    if [ -n "$engine_folder" ]; then umount "$engine_folder" 2>/dev/null || true; fi # not while another is in it
    engine_folder=
}
