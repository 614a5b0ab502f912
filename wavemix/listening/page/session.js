// What this listener has said and heard so far. It is kept in the browser, so that a reload loses nothing.

const test = JSON.parse(document.getElementById("test").textContent);
const STORE = `wavemix-listening-${test.id}`;
/** A mix counts as heard after this many seconds, or after the whole passage if that is shorter. */
const HEARD_SECONDS = Math.min(5, test.seconds);
const CSV_HEADER = ["listener", "song", "mix", "position", "dimension", "rating"];

class Session {
  constructor() {
    this.listener = "";
    this.screen = "welcome";
    this.trial = 0;
    this.answers = {};
    this.ratings = {}; // stimulus → dimension → 1..5
    this.heard = {}; // stimulus → seconds
  }

  /** The session that was left here, or a new one. */
  static resume() {
    const session = new Session();
    try {
      Object.assign(session, JSON.parse(localStorage.getItem(STORE)));
    } catch {
      // A browser that keeps nothing, or nonsense: `save` says so where it matters.
    }
    return session;
  }

  /** Whether the browser took it. */
  save() {
    try {
      localStorage.setItem(STORE, JSON.stringify(this));
      return true;
    } catch {
      return false;
    }
  }

  /** The songs in this listener's order; each with its stimuli in this listener's order. */
  get songs() {
    const mixed = (items, what) => shuffled(items, `${test.id}/${this.listener}/${what}`);
    return mixed(test.songs, "songs").map(({ id, stimuli }) => ({ id, stimuli: mixed(stimuli, id) }));
  }

  get song() {
    return this.songs[this.trial];
  }

  rating(stimulus, dimension) {
    return this.ratings[stimulus]?.[dimension];
  }

  rate(stimulus, dimension, rating) {
    this.ratings[stimulus] = { ...this.ratings[stimulus], [dimension]: rating };
  }

  hear(stimulus, seconds) {
    this.heard[stimulus] = (this.heard[stimulus] ?? 0) + seconds;
  }

  wasHeard(stimulus) {
    return (this.heard[stimulus] ?? 0) >= HEARD_SECONDS;
  }

  /** Stimuli of this trial that were not heard long enough. */
  get unheard() {
    return this.song.stimuli.filter((stimulus) => !this.wasHeard(stimulus));
  }

  /** Pairs of stimulus and dimension of this trial that have no rating. */
  get unrated() {
    const pairs = test.dimensions.flatMap(({ name }) => this.song.stimuli.map((stimulus) => [stimulus, name]));
    return pairs.filter(([stimulus, dimension]) => !this.rating(stimulus, dimension));
  }

  /** Everything as the file that `wavemix listen analyse` reads. */
  csv() {
    const answers = Object.entries(this.answers).map(([question, answer]) => ["", "", "", question, answer]);
    const ratings = this.songs.flatMap(({ id, stimuli }) =>
      stimuli.flatMap((stimulus, index) =>
        test.dimensions.map(({ name }) => [id, stimulus, index + 1, name, this.rating(stimulus, name)]),
      ),
    );
    const rows = [...answers, ...ratings].map((row) => [this.listener, ...row]);
    return [CSV_HEADER, ...rows].map((row) => row.join(",") + "\r\n").join("");
  }
}

/** A stimulus as the player takes it: the page holds its sound file as text. */
function sound(id) {
  const text = atob(document.getElementById(`stimulus-${id}`).textContent.trim());
  return { id, bytes: Uint8Array.from(text, (letter) => letter.charCodeAt(0)).buffer };
}
