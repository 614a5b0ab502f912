// All sounds of a song run together in a loop; choosing one only moves gains, so that the place is never lost.

/** Time constant of the ramps in seconds. The two gains of a switch add up to 1 at every moment. */
const RAMP_SECONDS = 0.005;
/** After this long a ramp has ended: what is left of it lies 100 dB below. */
const SETTLED_SECONDS = 12 * RAMP_SECONDS;
/** Between the call and the common start of the sources. */
const LEAD_SECONDS = 0.05;

class Player {
  /** @param {number} rate Hz of the sounds: at the same rate they are played as they are. */
  constructor(rate) {
    this.context = new AudioContext({ sampleRate: rate });
    this.master = new GainNode(this.context, { gain: 0 });
    this.master.connect(this.context.destination);
    this.voices = new Map();
    this.current = null;
    this.playing = false;
  }

  /**
   * Have sounds ready, at their beginning and silent; those before them are forgotten.
   * @param {{id: string, bytes: ArrayBuffer, level?: number}[]} sounds Sound files, and the factor by which each is heard.
   */
  async load(sounds) {
    this.playing = false;
    this.master.gain.value = 0;
    await this.context.suspend();
    const buffers = await Promise.all(sounds.map(({ bytes }) => this.context.decodeAudioData(bytes)));
    this.forget();
    this.started = this.soon(LEAD_SECONDS);
    this.seconds = Math.min(...buffers.map((buffer) => buffer.duration));
    this.voices = new Map(sounds.map(({ id, level = 1 }, index) => [id, this.voice(buffers[index], level)]));
    this.current = sounds[0].id;
  }

  /** Have one more sound of the same length, in step with the others. */
  async add({ id, bytes, level = 1 }) {
    const { voices } = this;
    const buffer = await this.context.decodeAudioData(bytes);
    if (voices === this.voices) voices.set(id, this.voice(buffer, level));
  }

  /** Stop all sounds and let their memory go. */
  forget() {
    for (const { source, gain } of this.voices.values()) {
      source.stop();
      gain.disconnect();
    }
    this.voices = new Map();
  }

  voice(buffer, level) {
    const gain = new GainNode(this.context, { gain: 0 });
    gain.connect(this.master);
    const voice = { buffer, gain, level };
    this.start(voice, Math.max(this.started, this.soon(LEAD_SECONDS)));
    return voice;
  }

  /** Let a voice run from a moment on, from where the others are then. */
  start(voice, when) {
    voice.source = new AudioBufferSourceNode(this.context, { buffer: voice.buffer, loop: true });
    voice.source.connect(voice.gain);
    const offset = this.onGrid(when - this.started) % voice.buffer.duration;
    voice.source.start(when, offset);
  }

  /** Let one sound be heard, from where the others are. */
  async play(id) {
    this.current = id;
    for (const [other, { gain, level }] of this.voices) this.ramp(gain, other === id ? level : 0);
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

  /** Go to another place of all sounds, given in seconds. */
  seek(seconds) {
    const when = this.soon(SETTLED_SECONDS);
    this.ramp(this.master, 0);
    this.started = when - this.onGrid(Math.min(Math.max(0, seconds), this.seconds));
    for (const voice of this.voices.values()) {
      voice.source.stop(when);
      this.start(voice, when);
    }
    if (this.playing) this.ramp(this.master, 1, when);
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

  /** Seconds since the beginning of the song. */
  get position() {
    return Math.max(0, this.context.currentTime - this.started) % this.seconds;
  }

  /** A moment so many seconds from now, when a sample begins. */
  soon(seconds) {
    return this.onGrid(this.context.currentTime + seconds);
  }

  onGrid(seconds) {
    return Math.round(seconds * this.context.sampleRate) / this.context.sampleRate;
  }

  ramp(node, value, when = this.context.currentTime) {
    node.gain.setTargetAtTime(value, when, RAMP_SECONDS);
  }
}
