import { PeakMeter } from '../../scripts/fuzzing/peak.js';

// holds that many MiB for a moment and prints by how many bytes the meter saw the process grow
const meter = new PeakMeter();
const { grown } = meter.measure(() => {
  const held = Array.from({ length: Number(process.argv[2]) }, () =>
    new Uint8Array(2 ** 20).fill(1),
  );
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
  return held.length;
});
await meter.end();
console.log(grown);
