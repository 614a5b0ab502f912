// What came out: heard in turn at one loudness, seen over time, and kept.

const TITLES = { mix: "Mix", "plain sum": "Plain sum", drums: "Drums", bass: "Bass", vocals: "Vocals", other: "Other" };
/** The sounds that are there from the start; stems are loaded when they are first wanted. */
const FIRST = ["mix", "plain sum"];
/** Loudness at the bottom and the top of the picture, in LUFS. */
const LOWEST_LUFS = -60;
const HIGHEST_LUFS = 0;
/** Between two lines of the picture. */
const LUFS_APART = 20;

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
const decibels = (value, unit) => (value === null ? "" : `${value.toFixed(1)} ${unit}`);

class Listening {
  constructor(server, notify) {
    Object.assign(this, { server, notify, player: null, courses: new Map(), mixed: null });
    at("play").addEventListener("click", () => this.toggle());
    at("course").addEventListener("click", (event) => this.seek(event.offsetX / at("course").clientWidth));
    at("course").addEventListener("keydown", (event) => this.step(event));
    document.addEventListener("keydown", (event) => this.key(event));
    new ResizeObserver(() => this.draw()).observe(at("course"));
    setInterval(() => this.draw(), 50);
  }

  /** Show a mix and have it ready to be heard. */
  async show(mixed) {
    this.forget();
    this.mixed = mixed;
    const [mix] = mixed.sounds;
    const about = [decibels(mix.loudness_lufs, "LUFS"), decibels(mix.true_peak_dbtp, "dBTP"), mix.gain_reason];
    at("levels").textContent = [`${clock(mixed.seconds)} long`, ...about].filter(Boolean).join(", ");
    at("playback").textContent = playback(mixed);
    at("sounds").replaceChildren(...mixed.sounds.map((sound) => this.button(sound)));
    const files = ["all.zip", ...mixed.files.map(({ name }) => name), "session.yaml"];
    at("kept").replaceChildren(...files.map((name) => element("li", {}, this.link(name))));
    const done = mixed.tracks.map(({ file, done: what }) => `${file}: ${what.join("; ") || "as it is"}`);
    at("done").replaceChildren(...done.map((line) => element("li", {}, line)));
    const audible = FIRST.filter((name) => this.sound(name).matching_gain_db !== null);
    if (!audible.length) return;
    const player = new Player(mixed.rate);
    await player.load(await Promise.all(audible.map((name) => this.loaded(name))));
    if (this.mixed !== mixed) return; // another has come meanwhile
    this.player = player;
    at("play").disabled = false;
    this.mark();
    await this.follow();
  }

  forget() {
    this.player?.forget();
    this.player?.context.close();
    Object.assign(this, { player: null, mixed: null, courses: new Map() });
    at("play").disabled = true;
  }

  sound(name) {
    return this.mixed.sounds.find((sound) => sound.name === name);
  }

  async loaded(name) {
    const bytes = await this.server.bytes(`/sounds/${encodeURIComponent(name)}`);
    return { id: name, bytes, level: 10 ** (this.sound(name).matching_gain_db / 20) };
  }

  button({ name, matching_gain_db: gain }) {
    const button = element("button", { type: "button", "data-sound": name, click: () => this.listen(name) }, TITLES[name]);
    button.disabled = gain === null;
    if (button.disabled) button.title = "is silent";
    return button;
  }

  link(name) {
    const path = name.split("/").map(encodeURIComponent).join("/");
    const title = name === "all.zip" ? "All as a ZIP" : name;
    return element("a", { href: this.server.at(`/kept/${path}`), class: name === "all.zip" ? "all" : "", download: "" }, title);
  }

  /** Let a sound be heard from where the others are; one that is not here yet is heard once it is. */
  async listen(name) {
    const { player } = this;
    if (!player || this.sound(name).matching_gain_db === null) return;
    this.wanted = name;
    if (!player.voices.has(name)) {
      const button = document.querySelector(`[data-sound="${name}"]`);
      button.classList.add("waiting");
      try {
        await player.add(await this.loaded(name));
      } catch (error) {
        this.notify(error);
        return;
      } finally {
        button.classList.remove("waiting");
      }
    }
    if (this.wanted !== name || player !== this.player) return;
    await player.play(name);
    this.mark();
    await this.follow();
  }

  toggle() {
    if (this.player.playing) this.player.pause();
    else this.player.play(this.player.current);
    this.mark();
  }

  seek(share) {
    this.player?.seek(share * this.player.seconds);
    this.draw();
  }

  step(event) {
    const steps = { ArrowLeft: -5, ArrowRight: 5 };
    if (!this.player || !(event.key in steps)) return;
    event.preventDefault();
    this.player.seek(this.player.position + steps[event.key]);
  }

  key(event) {
    if (!this.player || event.target.closest("input, select, textarea")) return;
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const sound = this.mixed.sounds[Number(event.key) - 1];
    if (event.key === " " && !event.target.closest("button, summary, a")) {
      event.preventDefault(); // the page would scroll
      this.toggle();
    } else if (sound && event.key !== " ") {
      this.listen(sound.name);
    }
  }

  mark() {
    const { playing, current } = this.player;
    at("play").textContent = playing ? "Pause" : "Play";
    at("play").setAttribute("aria-pressed", String(playing));
    for (const button of at("sounds").children) {
      button.classList.toggle("current", button.dataset.sound === current);
      button.setAttribute("aria-pressed", String(playing && button.dataset.sound === current));
    }
  }

  /** Have the course of what is heard. */
  async follow() {
    const { courses } = this;
    const name = this.player.current;
    if (!courses.has(name)) {
      try {
        courses.set(name, await this.server.ask("GET", `/courses/${encodeURIComponent(name)}`));
      } catch (error) {
        this.notify(error);
      }
    }
    this.draw();
  }

  /** The waveform, its level over time, and the place; all as loud as they are heard. */
  draw() {
    if (!this.player) return;
    const canvas = at("course");
    const { clientWidth: width, clientHeight: height } = canvas;
    const scale = window.devicePixelRatio;
    if (canvas.width !== Math.round(width * scale)) canvas.width = Math.round(width * scale);
    if (canvas.height !== Math.round(height * scale)) canvas.height = Math.round(height * scale);
    const pen = canvas.getContext("2d");
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.clearRect(0, 0, width, height);
    const { current, position, seconds } = this.player;
    const course = this.courses.get(current);
    if (course) drawCourse(pen, course, { width, height, seconds, gain: this.sound(current).matching_gain_db });
    pen.fillStyle = colour("--text");
    pen.fillRect((position / seconds) * width, 0, 1.5, height);
    at("place").textContent = `${clock(position)} of ${clock(seconds)}`;
    canvas.setAttribute("aria-valuemax", seconds.toFixed(1));
    canvas.setAttribute("aria-valuenow", position.toFixed(1));
    canvas.setAttribute("aria-valuetext", at("place").textContent);
  }
}

/** How the mix fares elsewhere, and how near faders and pans come to it. */
function playback({ playback: { mono, platform_gains_db: gains }, explained_db: explained }) {
  const { loudness_lost_lu: less } = mono;
  const lost = less === null ? "" : `In mono it loses ${less.toFixed(1)} LU.`;
  const applied = Object.entries(gains).map(([name, gain]) => `${name} ${gain > 0 ? "+" : ""}${gain.toFixed(1)}`);
  const platforms = applied.length ? `Platforms will apply, in dB: ${applied.join(", ")}.` : "";
  const near = explained === null ? "" : `Faders and pans alone come to ${explained.toFixed(1)} dB SNR of it.`;
  return [lost, platforms, near].filter(Boolean).join(" ");
}

const levelAt = (lufs, height) => ((HIGHEST_LUFS - lufs) / (HIGHEST_LUFS - LOWEST_LUFS)) * height;
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name);

function drawCourse(pen, course, { width, height, seconds, gain }) {
  pen.fillStyle = colour("--quiet");
  pen.font = "11px system-ui, sans-serif";
  for (let lufs = HIGHEST_LUFS - LUFS_APART; lufs > LOWEST_LUFS; lufs -= LUFS_APART) {
    pen.fillText(`${lufs} LUFS`, 6, levelAt(lufs, height) - 3);
    pen.fillRect(0, levelAt(lufs, height), width, 0.25);
  }
  const factor = 10 ** (gain / 20);
  const middle = height / 2;
  const column = width / course.lowest.length;
  pen.fillStyle = colour("--wave");
  for (const [index, highest] of course.highest.entries()) {
    const [top, bottom] = [highest, course.lowest[index]].map((sample) => middle - sample * factor * middle);
    pen.fillRect(index * column, top, Math.max(1, column), Math.max(1, bottom - top));
  }
  pen.strokeStyle = colour("--accent");
  pen.lineWidth = 2;
  pen.beginPath();
  let isBroken = true;
  for (const [index, lufs] of course.short_term_lufs.entries()) {
    if (lufs === null) {
      isBroken = true;
      continue;
    }
    const x = (course.loudness_seconds[index] / seconds) * width;
    const y = levelAt(Math.max(LOWEST_LUFS, lufs + gain), height);
    if (isBroken) pen.moveTo(x, y);
    else pen.lineTo(x, y);
    isBroken = false;
  }
  pen.stroke();
}
