// The screens, and what their buttons do.

const RATINGS = [
  [1, "bad"],
  [2, "poor"],
  [3, "fair"],
  [4, "good"],
  [5, "excellent"],
];
const TICK_MILLISECONDS = 100;

const letter = (index) => String.fromCharCode("A".charCodeAt(0) + index);
const capitalised = (word) => word[0].toUpperCase() + word.slice(1);
const count = (number, what) => `${number} ${what}${number === 1 ? "" : "s"}`;

let session = Session.resume();
const player = new Player(test.rate);
let loaded = null; // the song whose stimuli the player holds

function save() {
  if (session.save()) return;
  notify("This browser does not keep your answers: do not close or reload the page before the end.");
}

function notify(text) {
  at("notice").textContent = text;
  at("notice").hidden = false;
}

async function show(screen) {
  session.screen = screen;
  save();
  for (const section of document.querySelectorAll("main > section")) section.hidden = section.id !== screen;
  if (screen === "trial") renderTrial();
  if (screen === "done") at("done-code").textContent = session.listener;
  const done = screen === "done" ? test.songs.length : session.trial;
  at("progress").value = done / test.songs.length;
  window.scrollTo(0, 0);
  at(screen).querySelector("h1").focus();
  if (screen === "sound" || screen === "trial") await load();
}

/** Decode the song's mixes; its buttons wait for them. */
async function load() {
  const { id, stimuli } = session.song;
  if (loaded === id) return;
  const waiting = document.querySelectorAll("#sound-play, #to-trial, .player button, #dimensions .letter");
  for (const button of waiting) button.disabled = true;
  try {
    await player.load(stimuli.map(sound));
    loaded = id;
    for (const button of waiting) button.disabled = false;
  } catch (error) {
    notify(`The music cannot be played here (${error.message}). Please try a current Firefox, Chrome or Safari.`);
  }
  mark();
}

// --- questionnaire and sound check

function welcome() {
  const [first] = test.songs;
  const minutes = Math.max(1, Math.round((test.songs.length * first.stimuli.length * (test.seconds + 25)) / 60));
  at("facts").textContent =
    `${count(test.songs.length, "song")}, ${first.stimuli.length} mixes of each: about ${count(minutes, "minute")}.`;
  for (const [question, answer] of Object.entries(session.answers)) {
    at("questionnaire").elements[question].value = answer;
  }
}

function takeAnswers(event) {
  event.preventDefault();
  const { listener, ...answers } = Object.fromEntries(new FormData(at("questionnaire")));
  session.answers = Object.fromEntries(Object.entries(answers).filter(([, answer]) => answer !== ""));
  session.listener = listener || session.listener || randomCode();
  show("sound");
}

function randomCode() {
  const bytes = crypto.getRandomValues(new Uint8Array(5));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// --- a trial

function renderTrial() {
  const { stimuli } = session.song;
  at("trial-heading").textContent = `Song ${session.trial + 1} of ${test.songs.length}`;
  at("stimuli").replaceChildren(...stimuli.map((stimulus, index) => letterButton(stimulus, index)));
  at("dimensions").replaceChildren(...test.dimensions.map((dimension) => dimensionCard(dimension, stimuli)));
  at("keys").textContent = `Keys: A to ${letter(stimuli.length - 1)} choose a mix, the space bar plays and pauses.`;
  at("next").textContent = session.trial + 1 < test.songs.length ? "Next song" : "Finish";
  tellProgress();
  mark();
}

function letterButton(stimulus, index) {
  const pressed = () => (player.playing && player.current === stimulus ? toggle() : listen(stimulus));
  const attributes = { type: "button", class: "letter", "data-stimulus": stimulus, click: pressed };
  return element("button", attributes, letter(index));
}

function dimensionCard({ name, question }, stimuli) {
  const words = RATINGS.map(([, word]) => element("span", {}, word));
  return element(
    "section",
    { class: "card dimension", "aria-labelledby": `about-${name}` },
    element("h2", { id: `about-${name}` }, capitalised(name)),
    element("p", { class: "quiet" }, question),
    element("div", { class: "scale", "aria-hidden": "true" }, ...words),
    ...stimuli.map((stimulus, index) => ratingRow(name, stimulus, index)),
  );
}

function ratingRow(dimension, stimulus, index) {
  const heading = `${capitalised(dimension)} of mix ${letter(index)}`;
  const choices = RATINGS.map(([rating, word]) => {
    const change = () => takeRating(stimulus, dimension, rating);
    const attributes = { type: "radio", name: `${dimension}-${stimulus}`, value: rating, change };
    const input = element("input", { ...attributes, "aria-label": `${rating}, ${word}` });
    input.checked = session.rating(stimulus, dimension) === rating;
    return element("label", { class: "rating" }, input, element("span", { "aria-hidden": "true" }, rating));
  });
  const row = { class: "scale rated", role: "radiogroup", "aria-label": heading, "data-stimulus": stimulus };
  return element("div", { ...row, "data-dimension": dimension }, letterButton(stimulus, index), ...choices);
}

function rowOf(stimulus, dimension) {
  return document.querySelector(`.rated[data-stimulus="${stimulus}"][data-dimension="${dimension}"]`);
}

function takeRating(stimulus, dimension, rating) {
  session.rate(stimulus, dimension, rating);
  save();
  rowOf(stimulus, dimension).classList.remove("missing");
  tellProgress();
}

/** How much is left, or how to go on. */
function tellProgress() {
  const { stimuli } = session.song;
  const unheard = session.unheard.map((stimulus) => letter(stimuli.indexOf(stimulus)));
  const hints = [];
  if (unheard.length) hints.push(`Listen to ${listed(unheard)}${unheard.length > 1 ? "" : " a little longer"}`);
  if (session.unrated.length) hints.push(`${count(session.unrated.length, "rating")} to go`);
  at("trial-message").textContent = hints.length ? `${hints.join("; ")}.` : "All heard and rated.";
  at("next").setAttribute("aria-disabled", String(hints.length > 0));
}

const listed = (words) => [words.slice(0, -1).join(", "), words.at(-1)].filter(Boolean).join(" and ");

function listen(stimulus) {
  player.play(stimulus);
  mark();
}

function toggle() {
  if (player.playing) player.pause();
  else player.play(player.current);
  mark();
}

/** Show what plays, and what was heard. */
function mark() {
  for (const id of ["play", "sound-play"]) {
    at(id).textContent = player.playing ? "Pause" : "Play";
    at(id).setAttribute("aria-pressed", String(player.playing));
  }
  for (const marked of document.querySelectorAll("[data-stimulus]")) {
    const { stimulus } = marked.dataset;
    marked.classList.toggle("current", stimulus === player.current);
    marked.classList.toggle("heard", session.wasHeard(stimulus));
    if (!marked.matches(".letter")) continue;
    marked.setAttribute("aria-pressed", String(stimulus === player.current && player.playing));
    marked.setAttribute("aria-label", `Mix ${marked.textContent}${session.wasHeard(stimulus) ? ", heard" : ""}`);
  }
}

let lastTime = 0; // of the player, in seconds
function tick() {
  const now = player.context.currentTime;
  const passed = now - lastTime;
  lastTime = now;
  if (session.screen !== "trial" || !player.playing) return;
  at("position").value = player.position / player.seconds;
  const before = session.wasHeard(player.current);
  session.hear(player.current, passed);
  if (before || !session.wasHeard(player.current)) return;
  save();
  mark();
  tellProgress();
}

/** Go on if everything is heard and rated; else show what is not. */
function next() {
  const missing = session.unrated;
  for (const [stimulus, dimension] of missing) rowOf(stimulus, dimension).classList.add("missing");
  if (missing.length) {
    document.querySelector(".missing").scrollIntoView({ block: "center" });
    document.querySelector(".missing input").focus({ preventScroll: true });
  } else if (session.unheard.length) {
    document.querySelector("#stimuli .letter:not(.heard)").focus();
  } else {
    player.pause();
    mark();
    session.trial += 1;
    show(session.trial < test.songs.length ? "trial" : "done");
  }
}

function keyPressed(event) {
  if (session.screen !== "trial" || at("play").disabled || event.ctrlKey || event.altKey || event.metaKey) return;
  const index = event.key.length === 1 ? event.key.toUpperCase().charCodeAt(0) - "A".charCodeAt(0) : -1;
  const stimulus = session.song.stimuli[index];
  if (stimulus) listen(stimulus);
  else if (event.key === " " && !event.target.closest("button, input:not(:checked)")) {
    event.preventDefault(); // the page would scroll
    toggle();
  }
}

// --- the end

function download() {
  const file = URL.createObjectURL(new Blob([session.csv()], { type: "text/csv" }));
  element("a", { href: file, download: `ratings-${session.listener}.csv` }).click();
  setTimeout(() => URL.revokeObjectURL(file), 60_000);
  at("done-message").textContent = `Saved as ratings-${session.listener}.csv in your downloads. Now please send it.`;
}

function startAgain() {
  if (!confirm("This forgets the ratings in this browser. Have they been downloaded?")) return;
  session = new Session();
  loaded = null;
  at("questionnaire").reset();
  at("done-message").textContent = "";
  show("welcome");
}

at("to-questions").addEventListener("click", () => show("questions"));
at("questionnaire").addEventListener("submit", takeAnswers);
at("left").addEventListener("click", () => player.tone(-1));
at("right").addEventListener("click", () => player.tone(1));
at("sound-play").addEventListener("click", toggle);
at("to-trial").addEventListener("click", () => {
  player.pause();
  show("trial");
});
at("play").addEventListener("click", toggle);
at("next").addEventListener("click", next);
at("download").addEventListener("click", download);
at("again").addEventListener("click", startAgain);
document.addEventListener("keydown", keyPressed);
document.addEventListener("visibilitychange", save);
setInterval(tick, TICK_MILLISECONDS);
welcome();
show(session.screen);
