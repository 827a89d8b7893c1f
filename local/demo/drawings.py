"""A drawing for each lot of the demo: no photographs, no third-party art."""

from __future__ import annotations

from collections.abc import Callable

from local.demo import objects, scenes, things
from local.demo.canvas import Canvas

DRAWINGS: dict[str, Callable[[], Canvas]] = {
    drawing.__name__: drawing
    for drawing in (
        scenes.rainy_city,
        scenes.misty_lake,
        scenes.telescope,
        scenes.desk_lamp,
        scenes.chess_lesson,
        scenes.tea_shop,
        things.island_map,
        things.audiobook,
        things.sweater,
        things.postcard,
        things.pocket_synth,
        things.cassette,
        things.sheet_music,
        things.typeface,
        things.cat_sticker,
        objects.record_player,
        objects.samovar,
        objects.film_camera,
    )
}
"""By the name in the lot."""
