"""Whether a container can reach a port of this machine: not through every firewall, nor from another machine.

Usage: `python -m scripts.sam_test.reach ADDRESS HOST NETWORK IMAGE`: a container of that image, in that Docker network,
calls HOST the server that listens on ADDRESS here. Exit status 0 if it can.
"""

from __future__ import annotations

import socket
import subprocess
import sys

_PYTHON = "/var/lang/bin/python3.13"
_CALL = "import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), 10)"


def main(address: str, host: str, network: str, image: str) -> int:
    """Try it once."""
    with socket.socket() as listening:
        try:
            listening.bind((address, 0))
        except OSError:  # the network's address is on another machine
            return 1
        listening.listen()
        docker = ["docker", "run", "--rm", "--platform", "linux/amd64", "--network", network]
        docker += ["--add-host", "host.docker.internal:host-gateway", "--entrypoint", _PYTHON, image]
        call = [*docker, "-c", _CALL, host, str(listening.getsockname()[1])]
        try:
            return subprocess.run(call, capture_output=True, timeout=60, check=False).returncode
        except subprocess.TimeoutExpired:
            return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:5]))
