// All mixes of a passage run together in a loop; choosing one only moves gains, so that the place is never lost.

/** Time constant of the ramps in seconds. The two gains of a switch add up to 1 at every moment. */
const RAMP_SECONDS = 0.005;
/** After this long a ramp has ended: what is left of it lies 100 dB below. */
const SETTLED_SECONDS = 12 * RAMP_SECONDS;
/** Between the call and the common start of the sources. */
const LEAD_SECONDS = 0.05;

class Player {
  /** @param {number} rate Hz of the stimuli: at the same rate they are played as they are. */
  constructor(rate) {
    this.context = new AudioContext({ sampleRate: rate });
    this.master = new GainNode(this.context, { gain: 0 });
    this.master.connect(this.context.destination);
    this.voices = new Map();
    this.current = null;
    this.playing = false;
  }

  /** Have stimuli ready, at their beginning and silent; those before them are forgotten. */
  async load(ids) {
    this.playing = false;
    this.master.gain.value = 0;
    await this.context.suspend();
    const buffers = await Promise.all(ids.map((id) => this.context.decodeAudioData(encoded(id))));
    for (const { source, gain } of this.voices.values()) {
      source.stop();
      gain.disconnect();
    }
    this.started = this.context.currentTime + LEAD_SECONDS;
    this.seconds = Math.min(...buffers.map((buffer) => buffer.duration));
    this.voices = new Map(ids.map((id, index) => [id, this.voice(buffers[index])]));
    this.current = ids[0];
  }

  voice(buffer) {
    const source = new AudioBufferSourceNode(this.context, { buffer, loop: true });
    const gain = new GainNode(this.context, { gain: 0 });
    source.connect(gain).connect(this.master);
    source.start(this.started);
    return { source, gain };
  }

  /** Let one stimulus be heard, from where the others are. */
  async play(id) {
    this.current = id;
    for (const [other, { gain }] of this.voices) this.ramp(gain, other === id ? 1 : 0);
    this.playing = true;
    this.ramp(this.master, 1);
    await this.context.resume();
  }

  /** Fall silent, and keep the place. */
  pause() {
    if (!this.playing) return;
    this.playing = false;
    this.ramp(this.master, 0);
    setTimeout(() => this.rest(), SETTLED_SECONDS * 1000);
  }

  /** A short tone on one side: -1 is left, 1 right. */
  async tone(side) {
    await this.context.resume();
    const now = this.context.currentTime;
    const tone = new OscillatorNode(this.context, { frequency: 440 });
    const level = new GainNode(this.context, { gain: 0 });
    level.gain.setTargetAtTime(0.1, now, 0.02);
    level.gain.setTargetAtTime(0, now + 0.6, 0.05);
    tone.connect(level).connect(new StereoPannerNode(this.context, { pan: side })).connect(this.context.destination);
    tone.onended = () => this.rest();
    tone.start(now);
    tone.stop(now + 1);
  }

  /** Hold time, unless something is to be heard. */
  rest() {
    if (!this.playing) this.context.suspend();
  }

  /** Seconds since the beginning of the passage. */
  get position() {
    return Math.max(0, this.context.currentTime - this.started) % this.seconds;
  }

  ramp(node, value) {
    node.gain.setTargetAtTime(value, this.context.currentTime, RAMP_SECONDS);
  }
}

/** The bytes of a stimulus' sound file. */
function encoded(id) {
  const text = atob(document.getElementById(`stimulus-${id}`).textContent.trim());
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0)).buffer;
}
