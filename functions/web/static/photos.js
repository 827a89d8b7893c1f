/* Photos of a phone are made as small as they are kept before they are sent: five of them would not fit into one request. Without
   this script, and for what the browser cannot open, they are sent as they are. */
(function () {
  "use strict";

  const SMALL_ENOUGH = 500000, SIDE = 1600, QUALITY = 0.85;
  const running = new Map(); // input -> the files that are being made

  async function smaller(file) {
    if (file.size <= SMALL_ENOUGH) return file;
    try {
      const picture = await createImageBitmap(file);
      const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.max(1, Math.round(picture.width * scale));
      canvas.height = Math.max(1, Math.round(picture.height * scale));
      const ground = canvas.getContext("2d");
      ground.fillStyle = "#fff"; // under what is transparent
      ground.fillRect(0, 0, canvas.width, canvas.height);
      ground.drawImage(picture, 0, 0, canvas.width, canvas.height);
      const made = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
      return made && made.size < file.size ? new File([made], file.name, { type: made.type }) : file;
    } catch (error) {
      return file; // the server says what is wrong with it
    }
  }

  function take(input) {
    const work = Promise.all([...input.files].map(smaller)).then((files) => {
      if (running.get(input) !== work) return; // others were chosen meanwhile
      const kept = new DataTransfer();
      for (const file of files) kept.items.add(file);
      input.files = kept.files;
      running.delete(input);
    });
    running.set(input, work);
  }

  for (const input of document.querySelectorAll("input[data-smaller]")) {
    input.addEventListener("change", () => take(input));
    if (input.files.length) take(input); // chosen before this script ran
  }

  /* Before all others look at what is sent: a form waits for its photos. */
  window.addEventListener("submit", (event) => {
    const form = event.target, input = form.querySelector("input[data-smaller]"), work = running.get(input);
    if (!work) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    work.finally(() => form.requestSubmit(event.submitter || undefined));
  }, true);
})();
