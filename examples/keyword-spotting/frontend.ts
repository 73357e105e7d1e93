/** `frontend.json`: how frames are made from audio. */
export interface Frontend {
  readonly sample_rate: number;
  /** Samples of a window, which is also the length of the transform. */
  readonly window: number;
  readonly hop: number;
  /** Zero samples before the first one of a clip. */
  readonly front_padding: number;
  /** Windows of a clip. */
  readonly frames: number;
  readonly mel_bands: number;
  readonly mel_lo: number;
  readonly mel_hi: number;
  readonly clip: readonly number[];
  /** Network steps of a clip: two windows each. */
  readonly steps: number;
  readonly inputs: number;
  /** Normalisation per band. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** Samples of a clip: one second. */
export function clipSamples(frontend: Frontend): number {
  return (frontend.frames - 1) * frontend.hop + frontend.window - frontend.front_padding;
}

/**
 * Network input of one clip, [steps, inputs]: log mel energies, normalised per band, two windows side by
 * side. `samples` in [-1, 1), `clipSamples(frontend)` of them.
 */
export function clipToFrames(samples: Float64Array, frontend: Frontend): Float32Array {
  const { window, hop, front_padding, mel_bands, mean, std } = frontend;
  const power = powerSpectrum(window);
  const mel = melTriangles(frontend);
  const [low, high] = frontend.clip as readonly [number, number];
  const padded = new Float64Array(front_padding + samples.length);
  padded.set(samples, front_padding);
  const result = new Float32Array(frontend.frames * mel_bands);
  for (let t = 0; t < frontend.frames; t++) {
    const bins = power(padded.subarray(t * hop, t * hop + window));
    for (let band = 0; band < mel_bands; band++) {
      const energy = dot(mel[band] as Float64Array, bins);
      const level = (Math.log(1e-6 + energy) - (mean[band] as number)) / (std[band] as number);
      result[t * mel_bands + band] = Math.min(Math.max(level, low), high);
    }
  }
  return result;
}

/** |rfft|^2 / n of a block under a periodic Hann window. 50 windows a second need no fast transform. */
function powerSpectrum(n: number): (block: Float64Array) => Float64Array {
  const turn = (2 * Math.PI) / n;
  const cos = Float64Array.from({ length: n }, (_, i) => Math.cos(turn * i));
  const sin = Float64Array.from({ length: n }, (_, i) => Math.sin(turn * i));
  const hann = cos.map((c) => 0.5 - 0.5 * c);
  return (block) => {
    const windowed = hann.map((w, i) => w * (block[i] as number));
    return Float64Array.from({ length: n / 2 + 1 }, (_, k) => {
      let real = 0;
      let imaginary = 0;
      for (let i = 0; i < n; i++) {
        const phase = (k * i) % n;
        real += (windowed[i] as number) * (cos[phase] as number);
        imaginary += (windowed[i] as number) * (sin[phase] as number);
      }
      return (real * real + imaginary * imaginary) / n;
    });
  };
}

/** Weights of every transform bin in every band: triangles on the mel scale, peak 1. */
function melTriangles({
  mel_bands,
  mel_lo,
  mel_hi,
  window,
  sample_rate,
}: Frontend): Float64Array[] {
  const mel = (hertz: number) => 1127 * Math.log1p(hertz / 700);
  const step = (mel(mel_hi) - mel(mel_lo)) / (mel_bands + 1);
  return Array.from({ length: mel_bands }, (_, band) => {
    const centre = mel(mel_lo) + (band + 1) * step;
    return Float64Array.from({ length: window / 2 + 1 }, (_, k) => {
      const distance = Math.abs(mel((k * sample_rate) / window) - centre);
      return Math.max(0, 1 - distance / step);
    });
  });
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
}
