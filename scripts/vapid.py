"""Makes the two keys of web push (VAPID): the public one is a parameter of the stack, the private one a secret."""

from __future__ import annotations

from starbid.further.push.vapid import new_keys


def main() -> None:
    private, public = new_keys()
    print(f"VAPID_PUBLIC_KEY={public}\nVAPID_PRIVATE_KEY={private}")


if __name__ == "__main__":
    main()
