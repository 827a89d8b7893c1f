"""The pictures of one form, from a glance at it to drafts: the cheapest look first, decoding last.

Whatever is refused on the way, what was good so far goes back into the form: as drafts, or as files put aside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeVar

from starbid.bootstrap import App
from starbid.domain.errors import Invalid
from starbid.domain.limits import Deed
from starbid.domain.lots import MAX_PICTURES
from starbid.imaging.headers import read_header, require_little_work
from starbid.services.pictures import PicturesGone, require_few
from starbid.services.ports import Pictures
from web.kernel.forms import Form
from web.sell.pictures import accept_picture

_MOST_TYPED = 200
T = TypeVar("T")


class Intake:
    """`kept` are ids of drafts and of pictures of the lot, `keys` those of uploads, `files` what came with the form.

    `names` are the ids of pictures by the keys that they were uploaded under, once they are decoded. `faults` grows
    with every look; a picture at fault is left out of the rest.
    """

    def __init__(self, app: App, form: Form, user_id: int, now: datetime) -> None:
        self._app, self._user_id, self._now = app, user_id, now
        dropped = set(form.all("drop"))
        self.kept = _named(form.all("pictures"), dropped)
        self.keys = _named(form.all("uploads"), dropped)
        self.files = tuple(upload.data for upload in form.files("images"))
        self.faults: list[Invalid] = []
        self.names: dict[str, str] = {}
        self._uploads: dict[str, bytes] = {}

    def __bool__(self) -> bool:
        return bool(self.kept or self.keys or self.files)

    @property
    def told(self) -> tuple[str | bytes, ...]:
        """All of them as the form names them or has them with it."""
        return "|".join(self.kept), "|".join(self.keys), *self.files

    def glance(self) -> None:
        """Their number, and the headers of what came along: nothing is asked of the bucket."""
        try:
            require_few(len(self.kept) + len(self.keys) + len(self.files))
        except Invalid as fault:
            self.faults.append(fault)
            self.kept = self.kept[:MAX_PICTURES]
            self.keys = self.keys[: MAX_PICTURES - len(self.kept)]
            self.files = self.files[: MAX_PICTURES - len(self.kept) - len(self.keys)]
        self.files = self._good(self.files, read_header)

    def weigh(self, own: tuple[str, ...]) -> None:
        """Whose they are, what was uploaded, and how much work all of them are. `own` are the lot's already."""
        try:
            self._app.lot_pictures.require_usable(self._user_id, self.kept, own, self._now)
        except PicturesGone as fault:
            self.faults.append(fault)
            self.kept = tuple(name for name in self.kept if name not in fault.ids)
        self.keys = self._good(self.keys, self._fetch)
        try:
            require_little_work(map(read_header, (*self._uploads.values(), *self.files)))
        except Invalid as fault:
            self.faults.append(fault)

    def put_aside(self) -> None:
        """Keep the files as they came, so that nobody has to choose them again."""
        keep = self._app.pictures.keep_upload
        self.keys += tuple(keep(self._user_id, data, self._now) for data in self.files)
        self.files = ()

    def decode(self) -> None:
        """Make drafts of all that is none yet, after `weigh`. Raises TooOften before anything is decoded."""
        if number := len(self.keys) + len(self.files):
            self._app.limits.require(Deed.PICTURE, self._user_id, self._now, number)
        while self.keys:
            self._good(self.keys[:1], self._accept_upload)
            self.keys = self.keys[1:]
        while self.files:
            self._good(self.files[:1], self._accept)
            self.files = self.files[1:]

    def _good(self, pictures: tuple[T, ...], look: Callable[[T], object]) -> tuple[T, ...]:
        """Those that a look finds no fault with."""
        good = []
        for picture in pictures:
            try:
                look(picture)
            except Invalid as fault:
                self.faults.append(fault)
            else:
                good.append(picture)
        return tuple(good)

    def _fetch(self, key: str) -> None:
        data = self._app.pictures.fetch_upload(self._user_id, key, self._now)
        read_header(data)
        self._uploads[key] = data

    def _accept_upload(self, key: str) -> None:
        self._accept(self._uploads[key])
        self.names[key] = self.kept[-1]

    def _accept(self, data: bytes) -> None:
        self.kept += (accept_picture(self._app.pictures, self._user_id, data, self._now),)


def _named(names: Iterable[str], dropped: set[str]) -> tuple[str, ...]:
    """In their order, each once, without those taken away."""
    return tuple(dict.fromkeys(name[:_MOST_TYPED] for name in names if name and name not in dropped))


def accept_upload(pictures: Pictures, user_id: int, key: str, now: datetime) -> str:
    """One picture that this person's browser has uploaded, as a draft; answers its id. Raises Invalid."""
    return accept_picture(pictures, user_id, pictures.fetch_upload(user_id, key, now), now)
