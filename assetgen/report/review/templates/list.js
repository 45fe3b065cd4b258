// The list: which assets are shown, and which one is current. Knows nothing of what is inside an asset.

const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const one = (selector, within = document) => within.querySelector(selector);

const items = all(".item");
const byKey = new Map(items.map((item) => [item.dataset.key, item]));
const shownNow = { filter: "", tag: "", words: [] };
let current = null;

const cardOf = (item) => one(".card", item);
const visible = () => items.filter((item) => !item.hidden);

/** Whether an item is in a filter; "needs" is one with a picture and without a decision. */
function isIn(item, filter) {
  if (filter === "needs") return item.dataset.seen !== "" && decisionOf(item) === "undecided";
  return filter === "" || item.dataset.flags.split(" ").includes(filter);
}

/** What a search looks into: everything that is said of an asset. */
function textOf(item) {
  item.text ??= `${item.dataset.name} ${one("template", item).content.textContent}`.toLowerCase().replace(/\s+/g, " ");
  return item.text;
}

function matches(item) {
  const { filter, tag, words } = shownNow;
  return isIn(item, filter) && (!tag || JSON.parse(item.dataset.tags).includes(tag)) && words.every((word) => textOf(item).includes(word));
}

function refresh() {
  for (const item of items) item.hidden = !matches(item);
  for (const group of all(".group")) group.hidden = !one(".item:not([hidden])", group);
  one("#nothing").hidden = visible().length > 0;
  if (!current || current.hidden) mark(visible()[0] ?? null);
  tellPlace();
}

function countFilters() {
  for (const button of all("#filters button")) {
    const count = items.filter((item) => isIn(item, button.dataset.filter)).length;
    const shown = one("b", button);
    if (shown) shown.textContent = count || "";
  }
}

/** Make an item the current one: the only one in the tab order. */
function mark(item) {
  if (current) cardOf(current).removeAttribute("aria-current");
  for (const other of items) cardOf(other).tabIndex = other === item ? 0 : -1;
  current = item;
  if (item) cardOf(item).setAttribute("aria-current", "true");
}

/** Go `steps` further in what is shown. */
function move(steps) {
  const shown = visible();
  const at = shown.indexOf(current);
  const next = shown[Math.min(shown.length - 1, Math.max(0, at + steps))];
  if (!next) return;
  mark(next);
  cardOf(next).focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  if (isOpen()) open(next, "replaceState");
}

/** Say which of how many is open. */
function tellPlace() {
  const shown = visible();
  const at = shown.indexOf(current);
  const place = one("#detail .place");
  if (place) place.textContent = at < 0 ? "" : `${at + 1} of ${shown.length}`;
}

function press(buttons, chosen) {
  for (const button of buttons) button.setAttribute("aria-pressed", String(button === chosen));
}

one("#filters").addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  shownNow.filter = button.dataset.filter;
  press(all("#filters button"), button);
  refresh();
});
one("#tag")?.addEventListener("change", (event) => {
  shownNow.tag = event.target.value;
  refresh();
});
one("#search").addEventListener("input", (event) => {
  shownNow.words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
  refresh();
});
