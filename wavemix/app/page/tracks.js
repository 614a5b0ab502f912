// Files that were dropped or chosen, with their paths, on their way to the server.

/** How many files are sent side by side. */
const LANES = 3;

/** The files of a drop, folders opened, each with its path. */
async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean);
  return (await Promise.all(entries.map((entry) => below(entry, "")))).flat();
}

async function below(entry, folder) {
  const path = `${folder}${entry.name}`;
  if (entry.isFile) return [{ path, file: await new Promise((resolve, reject) => entry.file(resolve, reject)) }];
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const more = await new Promise((resolve, reject) => reader.readEntries(resolve, reject)); // a hundred at a time
    if (!more.length) break;
    found.push(...more);
  }
  return (await Promise.all(found.map((inner) => below(inner, `${path}/`)))).flat();
}

/** The files of an input, each with its path. */
const chosen = (input) => [...input.files].map((file) => ({ path: file.webkitRelativePath || file.name, file }));

/** What of the files can be a track, or says where tracks go. */
function usable(files, { endings, manifest }) {
  return files.filter(({ path }) => {
    const name = path.split("/").at(-1);
    const hidden = path.split("/").some((part) => part.startsWith("."));
    return !hidden && (name === manifest || endings.some((ending) => name.toLowerCase().endsWith(ending)));
  });
}

/** Send files, some side by side; `tell` gets the share that has gone. */
async function sendAll(server, files, tell) {
  const total = files.reduce((sum, { file }) => sum + file.size, 0);
  const gone = new Map();
  const waiting = [...files];
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { path, file } = next;
      await server.send(path, file, (bytes) => {
        gone.set(path, bytes);
        tell([...gone.values()].reduce((sum, one) => sum + one, 0) / Math.max(1, total));
      });
    }
  };
  try {
    await Promise.all(Array.from({ length: LANES }, lane));
  } catch (error) {
    waiting.length = 0;
    throw error;
  }
}
