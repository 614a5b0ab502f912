// The routing as a table: where each track goes, and how loud it is; and what is wanted of the mix.

class Routing {
  /**
   * @param {object} groups The groups, each with its roles and the role of those of which nothing more is known.
   * @param {object} targets Loudness by name, in LUFS.
   */
  constructor({ groups, targets }) {
    Object.assign(this, { groups, targets });
    at("targets").replaceChildren(
      ...Object.entries(targets).map(([value, lufs]) => element("option", { value }, `${lufs} LUFS`)),
    );
    at("loudness").addEventListener("input", () => this.checkLoudness());
    at("trims").replaceChildren(...Object.keys(groups).map((group) => trim(group)));
  }

  show({ song, tracks, ignored, warnings, summary }) {
    at("song").textContent = `${song}: ${tracks.length} tracks`;
    at("warnings").replaceChildren(...warnings.map((line) => element("li", {}, line)));
    at("table").tBodies[0].replaceChildren(...tracks.map((track) => this.row(track)));
    const lines = [...summary, ...ignored.map(({ file, reason }) => `${file}: left out (${reason})`)];
    at("left-out").hidden = !lines.length;
    at("left-out").querySelector("summary").textContent = `What else was found (${lines.length})`;
    at("left-out").querySelector("ul").replaceChildren(...lines.map((line) => element("li", {}, line)));
  }

  row({ label, group, role, gain_db: gain, mute, reason, recognised }) {
    const groups = select(Object.keys(this.groups), group, `Group of ${label}`);
    const roles = select(this.groups[group].roles, role, `Role of ${label}`);
    groups.addEventListener("change", () => {
      const { roles: own, role: usual } = this.groups[groups.value];
      roles.replaceChildren(...options(own, usual));
    });
    const about = { type: "number", min: -120, max: 120, step: "any", value: gain, "aria-label": `Trim of ${label} in dB` };
    const trims = element("input", about);
    const mutes = element("input", { type: "checkbox", "aria-label": `Mute ${label}` });
    mutes.checked = mute;
    const cells = [label, groups, roles, trims, mutes, reason].map((cell) => element("td", {}, cell));
    const row = element("tr", {}, ...cells);
    const mark = () => row.classList.toggle("muted", mutes.checked);
    mutes.addEventListener("change", mark);
    row.classList.toggle("doubtful", !recognised);
    mark();
    return row;
  }

  /** The routing as the server takes it. */
  get tracks() {
    return [...at("table").tBodies[0].rows].map((row) => {
      const [group, role] = row.querySelectorAll("select");
      const [gain, mute] = row.querySelectorAll("input");
      return { group: group.value, role: role.value, gain_db: gain.valueAsNumber || 0, mute: mute.checked };
    });
  }

  /** The loudness as the server takes it: a number, a name, or nothing. */
  get loudness() {
    const said = at("loudness").value.trim().toLowerCase();
    if (said in this.targets) return { loudness_target: said };
    return said ? { loudness_lufs: Number(said) } : {};
  }

  checkLoudness() {
    const isWrong = Number.isNaN(this.loudness.loudness_lufs);
    at("loudness").setCustomValidity(isWrong ? `Give a number of LUFS, or ${Object.keys(this.targets).join(", ")}.` : "");
  }

  /** How the song is to be mixed, as the server takes it. */
  get wishes() {
    const number = (id) => (Number.isNaN(at(id).valueAsNumber) ? null : at(id).valueAsNumber);
    const trims = [...document.querySelectorAll("#trims input")].filter((input) => input.valueAsNumber);
    return {
      trims: trims.map((input) => ({ group: input.dataset.group, gain_db: input.valueAsNumber })),
      amount: number("amount") ?? 100,
      ...this.loudness,
      ceiling_dbtp: number("ceiling"),
      format: at("format").value,
      bits: at("bits").value,
      rate: at("rate").value,
      daw: at("daw").value.split(" ").filter(Boolean),
    };
  }
}

function trim(group) {
  const about = { type: "number", min: -120, max: 120, step: "any", value: 0, "data-group": group };
  return element("label", {}, group, element("input", about));
}

function select(values, chosen, label) {
  return element("select", { "aria-label": label }, ...options(values, chosen));
}

const options = (values, chosen) =>
  values.map((value) => element("option", value === chosen ? { value, selected: "" } : { value }, value));
