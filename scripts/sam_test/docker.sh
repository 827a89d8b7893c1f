# shellcheck shell=bash
# The Docker that this machine has, with AWS's image. Sourced by scripts/sam-test.

docker_network=

try_docker() {
    command -v docker >/dev/null && timeout 15 docker info >/dev/null 2>&1 || return 1
    # SAM goes by this variable alone, the command also by its contexts.
    DOCKER_HOST=${DOCKER_HOST:-$(docker context inspect --format '{{.Endpoints.docker.Host}}' 2>/dev/null || true)}
    [ -n "$DOCKER_HOST" ] && export DOCKER_HOST || unset DOCKER_HOST
    say "asking for $image"
    attended timeout 300 docker pull --quiet --platform linux/amd64 "$image" >/dev/null 2>&1 ||
        docker image inspect "$image" >/dev/null 2>&1 || return 1
    # By their network we know our containers again. It leads to this machine too.
    docker_network=starbid-sam-$$
    docker network create "$docker_network" >/dev/null 2>&1 || { docker_network= && return 1; }
    export SAM_TEST_HOST SAM_TEST_GATEWAY
    if [ "$(uname -s)" = Linux ] && [ "$(docker info --format '{{.OperatingSystem}}')" != "Docker Desktop" ]; then
        SAM_TEST_GATEWAY=$(docker network inspect "$docker_network" --format '{{(index .IPAM.Config 0).Gateway}}')
        SAM_TEST_HOST=$SAM_TEST_GATEWAY
    else # containers live in another machine, which knows this one by name
        SAM_TEST_HOST=host.docker.internal SAM_TEST_GATEWAY=127.0.0.1
    fi
    export SAM_TEST_OPTIONS="--skip-pull-image --docker-network $docker_network --add-host host.docker.internal:host-gateway"
    if .venv/bin/python -m scripts.sam_test.reach "$SAM_TEST_GATEWAY" "$SAM_TEST_HOST" "$docker_network" "$image"; then
        return 0
    fi
    say "containers of the Docker here cannot reach this machine at $SAM_TEST_HOST" >&2
    stop_docker
    return 1
}

stop_docker() {
    [ -n "$docker_network" ] || return 0
    for container in $(docker ps --all --quiet --filter "network=$docker_network"); do
        docker rm --force "$container" >/dev/null 2>&1 || true
    done
    docker network rm "$docker_network" >/dev/null 2>&1 || true
    docker_network=
}
