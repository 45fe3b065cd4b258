// What the reviewer decides: shown at once, and kept by `keeper`, who also knows how to undo it.
//
// A decision is about the picture that is seen, named by its digest; one about another picture counts for nothing.

const WORDS = { accepted: "Accepted", rejected: "Rejected", undecided: "Not decided yet" };

const recorded = (item) => ({ decision: item.dataset.decision, note: item.dataset.note, by: item.dataset.by });
const standingOf = (item) => keeper.get(item) ?? recorded(item);
const decisionOf = (item) => standingOf(item).decision;

async function decide(item, decision, note) {
  const before = standingOf(item);
  if (before.decision === decision && before.note === note) return;
  const kept = keeper.put(item, { decision, note });
  tell(item);
  await attempt(kept);
  tell(byKey.get(item.dataset.key));
}

/** Wait for something that may fail; says so if it does. */
async function attempt(work) {
  try {
    return await work;
  } catch (error) {
    say(error.message);
    return null;
  }
}

function tell(item) {
  tellMark(item);
  if (item === current) tellDecision(item);
  countFilters();
}

/** The same again takes a decision back. */
function toggle(decision) {
  if (!current || !current.dataset.seen) return;
  const note = isOpen() ? noteField().value.trim() : standingOf(current).note;
  decide(current, decisionOf(current) === decision ? "undecided" : decision, note);
}

async function undo() {
  const item = await attempt(keeper.undo());
  if (!item) return;
  tell(item);
  if (item.hidden) return;
  if (isOpen()) open(item, "replaceState");
  else mark(item);
}

const noteField = () => one(".note", detail);

function tellMark(item) {
  const shown = one(".decided", item);
  const decision = decisionOf(item);
  shown.hidden = decision === "undecided";
  shown.textContent = shown.hidden ? "" : WORDS[decision];
  shown.className = `mark decided ${decision}`;
}

function tellDecision(item) {
  if (!isOpen() || !item.dataset.seen) return;
  const { decision, note, by } = standingOf(item);
  for (const button of all("[data-decide]", detail)) button.setAttribute("aria-pressed", String(button.dataset.decide === decision));
  one(".stands", detail).textContent = by && decision !== "undecided" ? `${WORDS[decision]} by ${by}` : WORDS[decision];
  if (noteField() !== document.activeElement) noteField().value = note;
}

let quiet = 0;
function say(words) {
  one("#said").textContent = words;
  clearTimeout(quiet);
  quiet = setTimeout(() => { one("#said").textContent = ""; }, 4000);
}

detail.addEventListener("click", (event) => {
  const button = event.target.closest("[data-decide]");
  if (button) toggle(button.dataset.decide);
});
detail.addEventListener("change", (event) => {
  if (event.target.matches(".note") && current) decide(current, decisionOf(current), event.target.value.trim());
});
