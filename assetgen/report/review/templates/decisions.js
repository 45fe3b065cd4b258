// What the reviewer decides: shown at once, kept by `keeper`, and taken back by undo.
//
// A decision is about the picture that is seen, named by its digest; one about another picture counts for nothing.

const WORDS = { accepted: "Accepted", rejected: "Rejected", undecided: "Not decided yet" };
const undone = [];

const recorded = (item) => ({ decision: item.dataset.decision, note: item.dataset.note, by: item.dataset.by });
const standingOf = (item) => keeper.get(item) ?? recorded(item);
const decisionOf = (item) => standingOf(item).decision;

/** Decide about an item, so that it can be undone. */
async function decide(item, decision, note) {
  const before = standingOf(item);
  if (before.decision === decision && before.note === note) return;
  if (await put(item, { decision, note })) undone.push({ item, before });
}

async function put(item, standing) {
  try {
    await keeper.put(item, standing);
  } catch (error) {
    say(error.message);
    return false;
  } finally {
    tellMark(item);
    if (item === current) tellDecision(item);
    countFilters();
  }
  return true;
}

/** The same again takes a decision back. */
function toggle(decision) {
  if (!current || !current.dataset.seen) return;
  const note = isOpen() ? noteField().value.trim() : standingOf(current).note;
  decide(current, decisionOf(current) === decision ? "undecided" : decision, note);
}

async function undo() {
  const last = undone.pop();
  if (!last) return say("Nothing to undo");
  if (await put(last.item, last.before)) say(`Undone: ${last.item.dataset.name} is ${WORDS[last.before.decision].toLowerCase()}`);
  if (last.item.hidden) return;
  if (isOpen()) open(last.item, "replaceState");
  else mark(last.item);
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
