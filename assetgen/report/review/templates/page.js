// The keyboard, the help, and the first look.

const help = one("#help");

const KEYS = {
  j: () => move(1),
  ArrowDown: () => move(1),
  ArrowRight: () => move(1),
  k: () => move(-1),
  ArrowUp: () => move(-1),
  ArrowLeft: () => move(-1),
  Enter: () => current && !isOpen() && open(current),
  Escape: () => isOpen() && close(),
  " ": () => isOpen() && oldOrNew(),
  s: () => isOpen() && hasOld() && setMode(mode === "slider" ? "pair" : "slider"),
  b: () => isOpen() && nextGround(),
  a: () => toggle("accepted"),
  x: () => toggle("rejected"),
  n: () => isOpen() && one(".note", detail)?.focus(),
  z: undo,
  "/": () => one("#search").focus(),
  "?": () => help.showModal(),
};

for (const number of [1, 2, 3, 4, 5, 6, 7, 8]) KEYS[number] = () => isOpen() && keeper.pick?.(number);

const TYPING = "input:not([type=range]), textarea, select";
const OWN_KEYS = new Map([[" ", "button, summary"], ["Enter", "button, a:not(.card)"], ["ArrowLeft", "input"], ["ArrowRight", "input"], ["ArrowUp", "input"], ["ArrowDown", "input"]]);

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || one("dialog[open]")) return;
  if (event.target.matches(TYPING)) {
    if (event.key === "Escape" || (event.key === "Enter" && event.target.matches(".note"))) event.target.blur();
    return;
  }
  const own = OWN_KEYS.get(event.key);
  const action = KEYS[event.key];
  if (!action || (own && event.target.matches(own))) return;
  event.preventDefault();
  action();
});
one("#help-button").addEventListener("click", () => help.showModal());

const bar = one(".bar");
new ResizeObserver(() => document.documentElement.style.setProperty("--bar", `${bar.offsetHeight}px`)).observe(bar);
for (const item of items) tellMark(item);
countFilters();
refresh();
route();
