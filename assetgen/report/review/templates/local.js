// A keeper for a page without a server: decisions stay in this browser until they are exported as a file.

const PLACE = `assetgen-review:${[...new Set(items.map((item) => item.dataset.manifest))].join()}`;
const kept = new Map(Object.entries(remembered()));
const undone = [];

/** What this browser knows from before; nothing where it may not remember. */
function remembered() {
  try {
    return JSON.parse(localStorage.getItem(PLACE)) ?? {};
  } catch {
    return {};
  }
}

const keeper = {
  /** What was decided here about the picture that the item has now. */
  get(item) {
    const found = kept.get(item.dataset.key);
    return found?.picture === item.dataset.seen ? found : undefined;
  },
  async put(item, standing) {
    undone.push({ item, before: standingOf(item) });
    this.set(item, standing);
  },
  async undo() {
    const last = undone.pop();
    if (!last) throw new Error("There is nothing to undo");
    this.set(last.item, last.before);
    say(`Undone: ${last.item.dataset.name}`);
    return last.item;
  },
  set(item, { decision, note }) {
    const same = decision === item.dataset.decision && note === item.dataset.note;
    if (same) kept.delete(item.dataset.key);
    else kept.set(item.dataset.key, { picture: item.dataset.seen, decision, note });
    try {
      localStorage.setItem(PLACE, JSON.stringify(Object.fromEntries(kept)));
    } catch {
      say("This browser does not remember: export before you close the page");
    }
    tellExport();
  },
};

/** What is to be told to the project: everything that differs from what it knows. */
const told = () => items.filter((item) => keeper.get(item));

function tellExport() {
  const count = told().length;
  one("#export-button").disabled = count === 0;
  one("#export-button").textContent = count ? `Export ${count}` : "Export decisions";
  one("#export-count").textContent = `${count} ${count === 1 ? "decision is" : "decisions are"} not in the project yet.`;
}

function exported() {
  const by = one("#by").value.trim() || null;
  const decisions = told().map((item) => {
    const { picture, decision, note } = keeper.get(item);
    return { manifest: item.dataset.manifest, asset: item.dataset.name, picture, decision, note: note || null, by };
  });
  return `${JSON.stringify({ version: 1, decisions }, null, 2)}\n`;
}

one("#export-button").addEventListener("click", () => one("#export").showModal());
one("#export").addEventListener("close", () => {
  if (one("#export").returnValue !== "save") return;
  const link = document.createElement("a");
  link.download = "decisions.json";
  link.href = URL.createObjectURL(new Blob([exported()], { type: "application/json" }));
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
});
tellExport();
