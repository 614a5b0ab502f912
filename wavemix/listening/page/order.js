// The order in which a listener meets songs and mixes: random, and the same whenever it is asked for again.

/** FNV-1a (draft-eastlake-fnv) of a text: 32 bits. */
function hashed(text) {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/** Numbers in [0, 1): a Weyl sequence through the finaliser of MurmurHash3. */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let bits = state;
    bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
    bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
    return ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32;
  };
}

/** A copy of a list in the order that a text stands for (Fisher and Yates). */
function shuffled(items, text) {
  const random = generator(hashed(text));
  const order = [...items];
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}
