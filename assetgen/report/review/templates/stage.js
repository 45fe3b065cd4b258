// One asset in full: its pictures beside each other, on each background. Opened by the address's fragment.

const detail = one("#detail");
const BLINK = 700; // milliseconds a picture stays: slower than what could harm anybody
let ground = "checker";
let mode = "pair";
let blinking = 0;
let opened = null;

const isOpen = () => document.body.classList.contains("open");

/** Open an item at once: following a link would take until the next turn of events. */
function open(item, how = "pushState") {
  history[how](null, "", cardOf(item).hash);
  route();
}

/** Show the item that the address names, or the list when it names none. */
function route() {
  const item = byKey.get(decodeURIComponent(location.hash.slice(1)));
  document.body.classList.toggle("open", Boolean(item));
  detail.hidden = !item;
  if (!item) {
    opened = null;
    clearInterval(blinking);
    return detail.replaceChildren();
  }
  if (item.hidden) showEverything();
  mark(item);
  if (opened !== item) show(opened = item);
}

function showEverything() {
  one("#search").value = "";
  if (one("#tag")) one("#tag").value = "";
  Object.assign(shownNow, { filter: "", tag: "", words: [] });
  press(all("#filters button"), one('#filters [data-filter=""]'));
  refresh();
}

function show(item) {
  clearInterval(blinking);
  detail.replaceChildren(one("template", item).content.cloneNode(true));
  for (const image of all(".full", detail)) fill(image, item);
  for (const video of all(".files video", detail)) video.poster = thumbnailOf(item);
  for (const button of all('.ground[data-ground^="#"]', detail)) button.style.setProperty("--own", button.dataset.ground);
  setGround(ground);
  if (one(".stage .old", detail)) setMode(mode);
  tellPlace();
  tellDecision(item);
  cardOf(item).scrollIntoView({ block: "nearest" });
  if (window.scrollY > 0) window.scrollTo(0, 0);
}

/** Show a picture small and at once, then in full when that has loaded. */
function fill(image, item) {
  image.style.setProperty("--w", image.dataset.width);
  image.style.setProperty("--h", image.dataset.height);
  if (image instanceof HTMLVideoElement) {
    if (!image.poster) image.poster = thumbnailOf(item);
    return;
  }
  if (!image.hasAttribute("src")) image.src = thumbnailOf(item);
  if (!image.dataset.link) return;
  const full = new Image();
  full.addEventListener("load", () => { image.src = full.src; });
  full.src = image.dataset.link;
}

const thumbnailOf = (item) => one(".frame img", item)?.src ?? "";

/** A file that did not come along with the page: its thumbnail stands for it. */
detail.addEventListener("error", (event) => {
  const image = event.target;
  const thumbnail = current && thumbnailOf(current);
  if (image instanceof HTMLImageElement && thumbnail && image.src !== thumbnail) image.src = thumbnail;
}, true);

function setGround(wanted) {
  const buttons = all(".ground", detail);
  const chosen = buttons.find((button) => button.dataset.ground === wanted) ?? buttons[0];
  if (!chosen) return;
  const own = chosen.dataset.ground.startsWith("#");
  detail.dataset.on = own ? "own" : chosen.dataset.ground;
  detail.style.setProperty("--ground", own ? chosen.dataset.ground : "");
  press(buttons, chosen);
}

function nextGround() {
  const buttons = all(".ground", detail);
  const at = buttons.findIndex((button) => button.getAttribute("aria-pressed") === "true");
  if (buttons.length) setGround(ground = buttons[(at + 1) % buttons.length].dataset.ground);
}

const stage = () => one(".stage", detail);
const hasOld = () => Boolean(one(".stage .old", detail));

function setMode(wanted) {
  mode = wanted;
  stage().dataset.mode = mode;
  stage().dataset.show = "new";
  press(all("[data-mode]:is(button)", detail), one(`button[data-mode="${mode}"]`, detail));
  clearInterval(blinking);
  if (mode === "blink") blinking = setInterval(flip, BLINK);
}

function flip() {
  stage().dataset.show = stage().dataset.show === "new" ? "old" : "new";
}

/** The old picture instead of the new one, or back, at the same place. */
function oldOrNew() {
  if (!hasOld()) return;
  const shown = stage().dataset.show;
  if (mode !== "one") setMode("one");
  stage().dataset.show = shown === "new" ? "old" : "new";
}

detail.addEventListener("input", (event) => {
  if (event.target.type === "range") stage().style.setProperty("--cut", event.target.value);
});

detail.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const { ground: wanted, mode: how, do: what } = button.dataset;
  if (wanted) setGround(ground = wanted);
  if (how) setMode(how);
  if (what) DOES[what]?.(button);
});

function close() {
  history.pushState(null, "", location.pathname + location.search);
  route();
  if (current) cardOf(current).focus();
}

const DOES = { previous: () => move(-1), next: () => move(1), close };
window.addEventListener("hashchange", route);
window.addEventListener("popstate", route);
