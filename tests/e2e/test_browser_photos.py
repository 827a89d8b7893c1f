"""The photos of a new lot in a browser: chosen together, in order, cropped, tried again, and described."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image

from tests.e2e.tab import Tab
from tests.e2e.town import Town
from tests.support.browser import go, until
from tests.support.selling_steps import fills_in

FORM = "form[data-sell]"
NOTES_SIZE = """() => {
    const send = XMLHttpRequest.prototype.send;
    XMLHttpRequest.prototype.send = function (body) {
        if (body instanceof FormData && body.has("file")) window.sent = body.get("file").size;
        return send.call(this, body);
    };
}"""
SIZE = "image => image.decode().then(() => [image.naturalWidth, image.naturalHeight])"


def photo(name: str, size: tuple[int, int] = (640, 480), colour: str = "navy") -> dict[str, Any]:
    data = io.BytesIO()
    Image.new("RGB", size, colour).save(data, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": data.getvalue()}


def chooses(page: Any, *photos: dict[str, Any]) -> None:
    page.locator("input[type=file]").set_input_files(list(photos))


def names(page: Any, number: int) -> list[str]:
    """The ids of the pictures in their order, once there are so many."""
    fields = page.locator(f"{FORM} input[name=pictures]")
    fields.nth(number - 1).wait_for(state="attached")
    return list(fields.evaluate_all("fields => fields.map((field) => field.value)"))


def test_photos_chosen_together_are_put_in_order_by_buttons_keys_and_dragging(seller: Tab) -> None:
    page = seller.opens("/new_auction?draft=new")
    chooses(page, photo("a.jpg"), photo("b.jpg", colour="teal"), photo("c.jpg", colour="red"))
    names(page, 3)
    a, b, c = (page.locator(".tiles > li").nth(place).locator("[name=pictures]").input_value() for place in range(3))

    page.get_by_role("button", name="Later").first.click()
    assert names(page, 3) == [b, a, c]
    assert page.evaluate("document.activeElement.ariaLabel") == "Later", "the focus goes along"
    page.locator(".handle").nth(2).focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert names(page, 3) == [c, b, a]
    assert page.locator("[data-told]").inner_text() == "Photo 1 of 3"
    page.keyboard.press("ArrowLeft")
    assert names(page, 3) == [c, b, a]

    start, end = page.locator(".handle").first.bounding_box(), page.locator(".tiles > li").nth(1).bounding_box()
    page.mouse.move(start["x"] + 10, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] / 2, steps=6)
    page.mouse.up()
    assert names(page, 3) == [b, c, a]
    assert page.locator(".moving").count() == 0


def test_a_photo_on_its_way_shows_how_far_and_one_that_failed_is_sent_again_by_one_press(seller: Tab) -> None:
    page, held = seller.opens("/new_auction?draft=new"), list[Any]()

    def hold(route: Any) -> None:
        held.append(route)

    page.route("**/new_auction/uploads", hold, times=1)
    chooses(page, photo("a.jpg"))
    progress = page.get_by_role("progressbar", name="Photo 1 of 1")
    progress.wait_for()
    assert progress.evaluate("bar => [bar.value, bar.max]") == [0, 1]
    held.pop().abort()
    page.get_by_text("The upload failed. Try again.").wait_for()
    assert progress.count() == 0
    page.get_by_role("button", name="Try again").click()
    assert len(names(page, 1)) == 1
    assert page.locator(".tiles .fault, .tiles .again, .tiles progress").count() == 0


def test_a_photo_that_was_refused_for_good_can_still_be_cropped(seller: Tab) -> None:
    page, refusal = seller.opens("/new_auction?draft=new"), {"error": {"code": "invalid", "message": "Too wide."}}
    page.route("**/new_auction/pictures", lambda route: route.fulfill(status=422, json=refusal), times=1)
    chooses(page, photo("a.jpg"))
    page.get_by_text("Too wide.").wait_for()
    assert page.locator(".tiles .again").count() == 0
    page.locator("[data-crop]").click()
    page.get_by_role("button", name="Done").click()
    assert len(names(page, 1)) == 1
    assert page.locator(".tiles .fault, .tiles progress").count() == 0
    assert page.locator(".tiles .alt").get_attribute("name") == f"alt.{names(page, 1)[0]}"


def test_a_photo_that_fails_while_the_form_waits_is_not_left_out_of_the_lot(seller: Tab, town: Town) -> None:
    page, held = seller.opens("/new_auction?draft=new"), list[Any]()

    def hold(route: Any) -> None:
        held.append(route)

    page.route("**/new_auction/uploads", hold, times=1)
    chooses(page, photo("a.jpg"))
    fills_in(page, "A lamp with its only photo")
    page.get_by_role("button", name="Publish", exact=True).click()
    held.pop().abort()
    until(page, "document.activeElement.matches('.again')")
    assert page.locator("#step-what").is_visible()
    assert "A lamp with its only photo" not in town.seller.web.get("/api/v1/auctions").text
    page.keyboard.press("Enter")
    assert len(names(page, 1)) == 1


def test_a_photo_is_turned_and_cropped_by_keys_before_others_see_it(seller: Tab, town: Town) -> None:
    page = seller.opens("/new_auction?draft=new")
    chooses(page, photo("a.jpg", (640, 480)))
    (first,) = names(page, 1)
    page.get_by_role("button", name="Crop or rotate").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Rotate to the right").click()
    dialog.get_by_role("button", name="Lower right corner").focus()
    for _ in range(10):  # two hundredths of a side each
        page.keyboard.press("ArrowUp")
    dialog.get_by_role("button", name="Done").click()
    page.locator(f'{FORM} input[name=pictures]:not([value="{first}"])').wait_for(state="attached")
    (second,) = names(page, 1)
    assert second != first
    go(page, f"{town.stack.url}/pictures/{second}/large")
    assert page.locator("img").evaluate(SIZE) == [480, 512], "640 high, and a fifth of it cut off"


def test_leaving_the_dialog_changes_nothing(seller: Tab) -> None:
    page = seller.opens("/new_auction?draft=new")
    chooses(page, photo("a.jpg"))
    before = names(page, 1)
    page.get_by_role("button", name="Crop or rotate").click()
    page.get_by_role("dialog").get_by_role("button", name="Rotate to the left").click()
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="detached")
    assert names(page, 1) == before


def test_a_photo_of_a_draft_can_still_be_cropped_and_keeps_its_words(seller: Tab) -> None:
    page = seller.opens("/new_auction?draft=new")
    page.get_by_label("Title").fill("A lamp for later")
    chooses(page, photo("a.jpg"))
    (first,) = names(page, 1)
    page.locator(".alt").fill("A blue lamp")
    page.get_by_text("Draft saved").wait_for()
    page = seller.opens("/new_auction")
    assert page.locator(".alt").input_value() == "A blue lamp"
    page.get_by_role("button", name="Crop or rotate").click()
    page.get_by_role("dialog").get_by_role("button", name="Rotate to the left").click()
    page.get_by_role("dialog").get_by_role("button", name="Done").click()
    page.locator(f'{FORM} input[name=pictures]:not([value="{first}"])').wait_for(state="attached")
    assert page.locator(f'.alt[name="alt.{names(page, 1)[0]}"]').input_value() == "A blue lamp"


def test_the_words_of_a_photo_are_read_out_on_the_page_of_its_lot(seller: Tab) -> None:
    page = seller.opens("/new_auction?draft=new")
    chooses(page, photo("a.jpg"))
    names(page, 1)
    page.locator(".alt").fill("A lamp seen from the left")
    fills_in(page)
    assert page.locator("[data-preview] img[alt='A lamp seen from the left']").count() == 1
    page.get_by_role("button", name="Publish", exact=True).click()
    page.wait_for_url("**/auction/*")
    assert page.locator(".gallery img[alt='A lamp seen from the left']").count() == 1


def test_a_photo_of_a_phone_is_made_smaller_before_it_is_sent(seller: Tab) -> None:
    noise = Image.effect_noise((3000, 2000), 90).convert("RGB")
    data = io.BytesIO()
    noise.save(data, "JPEG", quality=95)
    assert len(data.getvalue()) > 2_000_000
    seller.page.add_init_script(f"({NOTES_SIZE})()")
    page = seller.opens("/new_auction?draft=new")
    chooses(page, {"name": "phone.jpg", "mimeType": "image/jpeg", "buffer": data.getvalue()})
    names(page, 1)
    assert 10_000 < page.evaluate("window.sent") < len(data.getvalue()) / 2


def test_the_ninth_photo_is_refused_and_eight_are_kept(seller: Tab) -> None:
    page = seller.opens("/new_auction?draft=new")
    chooses(page, *(photo(f"{number}.jpg", (64 + number, 48)) for number in range(9)))
    assert len(names(page, 8)) == 8
    page.get_by_text("Up to 8 photos.").wait_for()
