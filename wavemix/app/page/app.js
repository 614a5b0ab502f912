// The page: tracks, their routing, the mix in work, and what came out.

/** How often a mix in work is asked how far it is. */
const POLL_MILLISECONDS = 250;
/** How often the server hears that the page is still here. */
const SIGN_MILLISECONDS = 60_000;

const STAGES = {
  check: "reading the tracks",
  drums: "mixing the drums",
  bass: "mixing the bass",
  vocals: "mixing the vocals",
  other: "mixing the rest",
  mix: "mixing the stems",
  plain: "adding up the tracks",
  explain: "finding faders and pans",
  measure: "measuring",
  write: "writing",
};

const server = new Server();
let about = null; // what the server has said of itself
let routing = null;
const listening = new Listening(server, (error) => tell("listening-message", error));

/** Say something beside what it is about; an error is marked as one. */
function tell(id, what = "") {
  at(id).classList.toggle("wrong", what instanceof Error);
  at(id).textContent = what instanceof Error ? what.message : what;
}

function show(state) {
  at("tracks").hidden = Boolean(state.session);
  at("routing").hidden = !state.session;
  at("listening").hidden = !state.mixed;
  at("start-over").hidden = !state.session;
  if (state.session) routing.show(state.session);
}

async function begin() {
  let state;
  try {
    about = await answerOf(fetch("/about"));
    state = await server.resume();
  } catch (error) {
    at("notice").textContent = error.message;
    at("notice").hidden = false;
    return;
  }
  routing = new Routing(about);
  at("bounds").textContent =
    `Up to ${about.most_files} files and ${+(about.most_bytes / 1e9).toFixed(3)} GB a song. They stay with this app, and are ` +
    "removed when you begin with another song, when you leave, and when the app ends.";
  show(state);
  setInterval(() => server.id && server.ask("GET", "").catch(() => {}), SIGN_MILLISECONDS);
  window.addEventListener("pagehide", () => server.leave());
  if (state.mixed) await listen(state.mixed);
  if (state.job && ["waiting", "running"].includes(state.job.state)) await watch();
}

// --- tracks

async function take(files) {
  const tracks = usable(files, about);
  if (!tracks.length) {
    tell("tracks-message", new Error("There is no sound file among these; add a folder of tracks, or their files."));
    return;
  }
  await busy("tracks", async () => {
    tell("tracks-message", `Copying ${tracks.length} files ...`);
    at("sent").hidden = false;
    await server.begin();
    await sendAll(server, tracks, (share) => {
      at("sent").value = share;
    });
    await route(false);
  });
  at("sent").hidden = true;
}

async function route(anyway) {
  tell("tracks-message", "Looking at the tracks ...");
  try {
    show(await server.ask("POST", "/session", { anyway }));
  } catch (error) {
    at("anyway-line").hidden = !error.message.includes("--anyway");
    throw error;
  }
  tell("tracks-message");
  at("anyway-line").hidden = true;
}

async function example() {
  await busy("tracks", async () => {
    tell("tracks-message", "Playing the example song ...");
    await server.begin();
    show(await server.ask("POST", "/example"));
    tell("tracks-message");
  });
}

/** Do something while nothing else can be pressed in a section; what goes wrong is told there. */
async function busy(section, work) {
  const buttons = [...at(section).querySelectorAll("button")];
  for (const button of buttons) button.disabled = true;
  try {
    await work();
  } catch (error) {
    tell(`${section}-message`, error);
  }
  for (const button of buttons) button.disabled = false;
}

async function startOver() {
  listening.forget();
  await server.end();
  show({});
  tell("routing-message");
  tell("listening-message");
}

// --- the mix

async function mix() {
  const wrong = document.querySelector("#routing input:invalid");
  if (wrong) {
    wrong.reportValidity();
    return;
  }
  tell("routing-message");
  try {
    const { session } = await server.ask("PUT", "/session", { tracks: routing.tracks });
    routing.show(session);
    await server.ask("POST", "/mix", routing.wishes);
  } catch (error) {
    tell("routing-message", error);
    return;
  }
  await watch();
}

/** Show how far the mix in work is, until it is over. */
async function watch() {
  working(true);
  try {
    for (;;) {
      const job = await server.ask("GET", "/mix");
      at("share").value = (Math.max(0, job.step - 1) + job.share) / job.steps;
      at("stage").textContent = inWords(job);
      if (job.state === "done") await listen((await server.ask("GET", "")).mixed);
      if (job.state === "failed") tell("routing-message", new Error(job.error));
      if (job.state === "cancelled") tell("routing-message", "Cancelled; nothing of this mix is left.");
      if (!["waiting", "running"].includes(job.state)) break;
      await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
    }
  } catch (error) {
    tell("routing-message", error);
  }
  working(false);
}

function inWords({ state, stage, step, steps, share, ahead }) {
  if (state === "waiting" && ahead) return `Waits for ${ahead} other ${ahead > 1 ? "mixes" : "mix"} ...`;
  if (!step) return "Loading the models ...";
  return `Step ${step} of ${steps}: ${STAGES[stage] ?? stage}, ${Math.round(100 * share)} %`;
}

function working(is) {
  at("working").hidden = !is;
  at("cancel").disabled = !is;
  at("mix").disabled = is;
  at("start-over").disabled = is;
  for (const input of document.querySelectorAll("#table select, #table input, #wishes input, #wishes select")) {
    input.disabled = is;
  }
}

async function cancel() {
  at("cancel").disabled = true;
  at("stage").textContent = "Cancelling ...";
  await server.ask("DELETE", "/mix").catch((error) => tell("routing-message", error));
}

async function listen(mixed) {
  at("listening").hidden = false;
  tell("listening-message");
  try {
    await listening.show(mixed);
  } catch (error) {
    tell("listening-message", error);
  }
}

// --- what can be pressed

at("choose-folder").addEventListener("click", () => at("folder").click());
at("choose-files").addEventListener("click", () => at("files").click());
for (const id of ["folder", "files"]) {
  at(id).addEventListener("change", async () => {
    await take(chosen(at(id)));
    at(id).value = "";
  });
}
at("example").addEventListener("click", example);
at("anyway").addEventListener("click", () => busy("tracks", () => route(true)));
at("start-over").addEventListener("click", startOver);
at("mix").addEventListener("click", mix);
at("cancel").addEventListener("click", cancel);
at("wishes").addEventListener("submit", (event) => event.preventDefault());
for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    event.preventDefault(); // the browser would open the file
    at("drop").classList.toggle("over", kind === "dragover");
  });
}
document.addEventListener("drop", async (event) => {
  if (!at("tracks").hidden) await take(await dropped(event.dataTransfer));
});
begin();
