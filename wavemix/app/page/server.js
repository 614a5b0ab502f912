// What the server is asked, and how it answers: with JSON, or with one sentence that says what is wrong.

class Wrong extends Error {
  constructor(sentence, status) {
    super(sentence);
    this.status = status;
  }
}

const VISIT = "wavemix-visit";
const SILENT = "The app does not answer. Is `wavemix app` still running?";

class Server {
  /** What there is of the visit that this tab had before it was loaded again; nothing if there was none. */
  async resume() {
    this.id = remembered();
    if (!this.id) return {};
    try {
      return await this.ask("GET", "");
    } catch (error) {
      if (error.status !== 404) throw error;
      this.id = null;
      return {};
    }
  }

  /** Begin a visit, in place of the one before. */
  async begin() {
    await this.end();
    const { id } = await answerOf(fetch("/visits", { method: "POST" }));
    this.id = id;
    remember(id);
  }

  /** End the visit; nothing of it stays. */
  async end() {
    if (this.id) await this.ask("DELETE", "").catch(() => {}); // it may have ended by itself
    this.id = null;
    remember("");
  }

  /** The page is closed, or loaded again. */
  leave() {
    if (this.id) navigator.sendBeacon(this.at("/left"));
  }

  /** The address of something of this visit. */
  at(path) {
    return `/visits/${this.id}${path}`;
  }

  async ask(method, path, body) {
    return answerOf(fetch(this.at(path), { method, body: body && JSON.stringify(body) }));
  }

  async bytes(path) {
    const response = await fetch(this.at(path)).catch(() => null);
    if (!response?.ok) throw new Wrong(response ? `${path}: cannot be loaded.` : SILENT, response?.status);
    return response.arrayBuffer();
  }

  /** Send a file; `tell` gets the bytes that have gone. */
  send(path, file, tell) {
    const address = this.at(`/files/${path.split("/").map(encodeURIComponent).join("/")}`);
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest(); // fetch does not tell how much has gone
      request.open("PUT", address);
      request.upload.onprogress = (event) => tell(event.loaded);
      request.onerror = () => reject(new Wrong(SILENT));
      request.onload = () => {
        if (request.status === 200) resolve();
        else reject(new Wrong(sentenceOf(request.responseText), request.status));
      };
      request.send(file);
    });
  }
}

/** Keep a visit's id for when this tab is loaded again; a browser that keeps nothing begins anew then. */
function remember(id) {
  try {
    sessionStorage.setItem(VISIT, id);
  } catch {
    // in frames of other sites, where those may store nothing
  }
}

function remembered() {
  try {
    return sessionStorage.getItem(VISIT);
  } catch {
    return null;
  }
}

async function answerOf(asked) {
  let response;
  try {
    response = await asked;
  } catch {
    throw new Wrong(SILENT);
  }
  const text = await response.text();
  if (!response.ok) throw new Wrong(sentenceOf(text), response.status);
  return JSON.parse(text);
}

function sentenceOf(text) {
  try {
    return JSON.parse(text).error;
  } catch {
    return "The app has failed; its terminal has the details.";
  }
}
