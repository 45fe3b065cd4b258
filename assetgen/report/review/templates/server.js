// A keeper for a served page: the server records each decision at once, and says what others and its builds change.

const CLIENT = sessionStorage.client ??= crypto.randomUUID();
const pending = new Map(); // by item's key: what was decided and is not recorded yet

/** Ask the server for something. What it refuses is thrown, in its own words. */
async function ask(what, body) {
  let response;
  try {
    response = await fetch(what, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ client: CLIENT, ...body }) });
  } catch {
    throw new Error("The server does not answer: start `assetgen review --serve` again");
  }
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

const seenOf = (item) => ({ manifest: item.dataset.manifest, asset: item.dataset.name, picture: item.dataset.seen });

const keeper = {
  get: (item) => pending.get(item.dataset.key),
  async put(item, standing) {
    pending.set(item.dataset.key, { ...standing, by: "" });
    try {
      await ask("decide", { ...seenOf(item), ...standing });
      await renew(item.dataset.key);
    } finally {
      pending.delete(item.dataset.key);
    }
  },
  /** Have another variant be the picture of the open asset. */
  async pick(number) {
    const item = current;
    if (!one(`[data-pick="${number}"]`, detail)) return;
    tellDoing(item.dataset.key, "picking");
    const picked = await attempt(ask("pick", { ...seenOf(item), number }));
    if (picked) await renew(picked.key);
    tellDoing(item.dataset.key, "");
  },
  async undo() {
    const { key, told } = await ask("undo", {});
    if (!told) throw new Error("There is nothing to undo");
    say(told);
    return key ? renew(key) : null;
  },
};

/** Show an asset as it is now. */
async function renew(key) {
  const response = await fetch(`item?${new URLSearchParams({ key })}`);
  const before = byKey.get(key);
  if (!response.ok || !before) return before;
  const fresh = one(".item", new DOMParser().parseFromString(await response.text(), "text/html"));
  const hidden = before.hidden;
  const focused = document.activeElement === cardOf(before);
  before.replaceWith(fresh);
  items[items.indexOf(before)] = fresh;
  byKey.set(key, fresh);
  fresh.hidden = hidden;
  cardOf(fresh).tabIndex = cardOf(before).tabIndex;
  if (current === before) mark(fresh);
  if (opened === before) redraw(fresh, before);
  if (focused) cardOf(fresh).focus({ preventScroll: true });
  tell(fresh);
  return fresh;
}

/** What is open is drawn anew only where it shows another picture: a note may be half written. */
function redraw(fresh, before) {
  opened = fresh;
  if (fresh.dataset.seen !== before.dataset.seen) show(fresh);
}

function tellDoing(key, stage) {
  const item = byKey.get(key);
  if (!item) return;
  const mark = one(".doing", item);
  mark.hidden = !stage;
  mark.textContent = stage;
  const button = item === current && one("[data-retake]", detail);
  if (button) button.disabled = Boolean(stage);
}

const events = new EventSource("events");
events.addEventListener("message", async (event) => {
  const { key, stage, problem } = JSON.parse(event.data);
  if (stage) return tellDoing(key, stage);
  if (!pending.has(key)) await renew(key);
  tellDoing(key, "");
  if (problem) say(problem);
});

detail.addEventListener("click", (event) => {
  const picked = event.target.closest("[data-pick]");
  if (picked) keeper.pick(Number(picked.dataset.pick));
});

detail.addEventListener("click", (event) => {
  const button = event.target.closest("[data-retake]");
  if (!button || !current) return;
  button.disabled = true;
  const item = current;
  attempt(ask("take", seenOf(item))).then((answer) => { if (!answer) button.disabled = false; });
});

/** Show what publishing would do, and do it when that is wanted. */
async function publish() {
  const response = await fetch("publish");
  const { lines, error } = await response.json();
  if (error) throw new Error(error);
  one("#publish-lines").textContent = lines.join("\n") || "There is nothing new to publish: accept pictures first, and say in the manifest where they go.";
  one("#publish-now").disabled = lines.length === 0;
  one("#publish").returnValue = "";
  one("#publish").showModal();
}

one("#publish-button").addEventListener("click", () => attempt(publish()));
one("#publish").addEventListener("close", async () => {
  if (one("#publish").returnValue !== "publish") return;
  const answer = await attempt(ask("publish", {}));
  if (answer) say(`Published: ${answer.lines.at(-1)}`);
});
