// Shows what `verify.js` finds: first of the proof in the page, then of a file that the reader kept. Nothing is sent.
import { checkProof } from "./verify.js";

for (const box of document.querySelectorAll("[data-check]")) {
  const { key, act, leaf } = box.dataset;
  const only = (name, value) => {
    for (const one of box.querySelectorAll(`[data-${name}]`)) one.hidden = one.dataset[name] !== value;
  };

  const check = async (text, by, givenLeaf) => {
    let verdict = "sound";
    try {
      if ((await checkProof(text, key, givenLeaf)).act !== act.replaceAll("-", "")) verdict = "other";
    } catch (kind) {
      if (typeof kind !== "string") return; // this browser lacks the cryptography: the server's word stands, as such
      verdict = kind;
    }
    only("verdict", verdict);
    only("by", by);
    box.dataset.done = verdict;
  };

  const shown = box.querySelector("[data-proof]");
  if (!shown) continue;
  check(shown.textContent, "browser", leaf);
  const own = box.querySelector("[data-file]");
  if (!own) continue;
  own.hidden = false;
  own.querySelector("input").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (file) check(await file.text(), "file", leaf);
  });
}
