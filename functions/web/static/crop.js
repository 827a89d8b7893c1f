/* A photo cropped, rotated or made smaller in the browser, before it is sent: by mouse, finger and keys. */
(function () {
  "use strict";

  const SMALL_ENOUGH = 1500000, SIDE = 2000, QUALITY = 0.9, LEAST = 0.1, STEP = 0.02;

  function canvasOf(width, height) {
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(width)); canvas.height = Math.max(1, Math.round(height));
    return canvas;
  }

  /* `area`: left, top, right and bottom as shares of the picture as it stands after the turns. */
  function drawn(picture, turns, area, side) {
    const isSideways = turns % 2 === 1;
    const width = isSideways ? picture.height : picture.width, height = isSideways ? picture.width : picture.height;
    const wide = width * (area.right - area.left), high = height * (area.bottom - area.top);
    const scale = Math.min(1, side / Math.max(wide, high));
    const canvas = canvasOf(wide * scale, high * scale), ground = canvas.getContext("2d");
    ground.fillStyle = "#fff"; // under what is transparent
    ground.fillRect(0, 0, canvas.width, canvas.height);
    ground.scale(scale, scale);
    ground.translate(width / 2 - area.left * width, height / 2 - area.top * height);
    ground.rotate((turns * Math.PI) / 2);
    ground.drawImage(picture, -picture.width / 2, -picture.height / 2);
    return canvas;
  }

  async function fileOf(canvas, name) {
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
    return blob && new File([blob], name, { type: blob.type });
  }

  const whole = () => ({ left: 0, top: 0, right: 1, bottom: 1 });

  async function shrink(file) {
    if (file.size <= SMALL_ENOUGH) return file;
    try {
      const made = await fileOf(drawn(await createImageBitmap(file), 0, whole(), SIDE), file.name);
      return made && made.size < file.size ? made : file;
    } catch (error) {
      return file; // the server says what is wrong with it
    }
  }

  /* --- the dialog --- */

  async function crop(file, words) {
    let picture;
    try { picture = await createImageBitmap(file); } catch (error) { window.alert(words.unreadable); return null; }
    return new Promise((resolve) => open(picture, words, async (made) => resolve(made && (await fileOf(made, file.name)))));
  }

  function button(text, label, act, name = "plain") {
    const made = document.createElement("button");
    made.type = "button"; made.className = name; made.textContent = text;
    if (label !== text) { made.setAttribute("aria-label", label); made.title = label; }
    made.addEventListener("click", act);
    return made;
  }

  function open(picture, words, done) {
    const dialog = document.createElement("dialog"), stage = document.createElement("div"), frame = document.createElement("div");
    dialog.className = "crop"; stage.className = "stage"; frame.className = "frame";
    dialog.setAttribute("aria-label", words.edit);
    let turns = 0, area = whole(), made = null;

    function place() {
      for (const side of ["left", "top"]) frame.style[side] = `${area[side] * 100}%`;
      frame.style.width = `${(area.right - area.left) * 100}%`;
      frame.style.height = `${(area.bottom - area.top) * 100}%`;
    }

    function redraw() {
      const old = stage.querySelector("canvas");
      if (old) old.remove();
      stage.prepend(drawn(picture, turns, whole(), 900));
      area = whole();
      place();
    }

    /* Each corner moves two sides, and leaves something between them. */
    function shift(sides, x, y) {
      const [across, down] = sides;
      area[across] = across === "left" ? Math.min(Math.max(0, x), area.right - LEAST) : Math.max(Math.min(1, x), area.left + LEAST);
      area[down] = down === "top" ? Math.min(Math.max(0, y), area.bottom - LEAST) : Math.max(Math.min(1, y), area.top + LEAST);
      place();
    }

    function corner(label, sides) {
      const handle = button("", label, () => {}, `corner ${sides.join(" ")}`);
      handle.addEventListener("keydown", (event) => {
        const way = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }[event.key];
        if (!way) return;
        event.preventDefault();
        shift(sides, area[sides[0]] + way[0], area[sides[1]] + way[1]);
      });
      handle.addEventListener("pointerdown", (event) => handle.setPointerCapture(event.pointerId));
      handle.addEventListener("pointermove", (event) => {
        if (!handle.hasPointerCapture(event.pointerId)) return;
        const shown = stage.getBoundingClientRect();
        shift(sides, (event.clientX - shown.left) / shown.width, (event.clientY - shown.top) / shown.height);
      });
      return handle;
    }

    const [upper, lower] = words.corners.split("|");
    frame.append(corner(upper, ["left", "top"]), corner(lower, ["right", "bottom"]));
    stage.append(frame);
    const tools = document.createElement("div"), end = document.createElement("div");
    tools.className = end.className = "buttons";
    tools.append(
      button("↺", words.left, () => { turns = (turns + 3) % 4; redraw(); }),
      button("↻", words.right, () => { turns = (turns + 1) % 4; redraw(); }),
      button(words.whole, words.whole, () => { area = whole(); place(); })
    );
    end.append(
      button(words.cancel, words.cancel, () => dialog.close()),
      button(words.done, words.done, () => { made = drawn(picture, turns, area, SIDE); dialog.close(); }, "")
    );
    dialog.append(stage, tools, end);
    dialog.addEventListener("close", () => { dialog.remove(); done(made); });
    document.body.append(dialog);
    redraw();
    dialog.showModal();
  }

  window.starbid = { ...window.starbid, crop, shrink };
})();
