import { engineParts } from '../../generator/accelerator/chain/placed.js';
import { ChainTimeline } from '../../generator/accelerator/chain/timeline.js';
import { orderOf, planHardware, timelineOf } from '../../generator/accelerator/index.js';
import { randomModel } from '../../generator/network/random.js';
import { MACS, NETWORK } from './network.js';
import { type Bar, timelineSvg } from './svg.js';
import { together } from './together.js';

const FRAMES = 4;
const ENGINES = 2;

/** Two layers on two engines: each array, the frames that move from one to the other, and those that leave. */
export function chain(): readonly [path: string, svg: string] {
  const model = randomModel({ ...NETWORK, hidden: [20, 20] });
  const { hardware, cuts } = planHardware(model, { name: 'time', macs: MACS }, ENGINES);
  const arrays = Array.from({ length: ENGINES }, (): Bar[] => []);
  /** Of each engine: the beats in which its frames come in. */
  const inputs = Array.from({ length: ENGINES }, (): Bar[] => []);
  let frame = 0;
  const parts = engineParts(hardware, model, cuts);
  const engines = parts.map(({ c, model: part }, engine) => {
    const { walks, shape } = orderOf(c, part);
    const timeline = timelineOf(walks, shape);
    const next = timeline.next.bind(timeline);
    // the chain plays its engines itself; what they do is looked at on the way
    timeline.next = (_, emits, arrives) => {
      const times = next(
        ({ side, alone }, begin, end) => {
          arrays[engine]?.push({ from: begin, to: end, frame, light: side === 'x' && !alone });
        },
        emits,
        arrives,
      );
      inputs[engine]?.push({ from: times.firstBeat, to: times.committed, frame });
      return times;
    };
    return timeline;
  });
  const played = new ChainTimeline(engines);
  const beats = Math.ceil(NETWORK.outputs / (parts.at(-1)?.c.streamLanes ?? 1));
  const outputs: Bar[] = [];
  for (; frame < FRAMES; frame++) {
    const { sent } = played.next();
    outputs.push({ from: sent - beats + 1, to: sent, frame });
  }
  const start = arrays[0]?.[0]?.from ?? 0;
  const shifted = (bars: readonly Bar[]) =>
    bars.map((bar) => ({ ...bar, from: bar.from - start, to: bar.to - start }));
  const named = (bars: readonly Bar[]) => bars.map((bar) => ({ ...bar, text: `${bar.frame}` }));
  const svg = timelineSvg({
    title: 'Two engines in a chain: an LSTM of 20 cells on each, the output layer on the second',
    arrays: arrays.map((bars, n) => ({
      label: `array ${n}`,
      bars: together(shifted(bars), false),
    })),
    rows: [
      ...inputs.slice(1).map((bars) => ({ label: 'joint', bars: named(shifted(bars)) })),
      { label: 'output', bars: shifted(outputs) },
    ],
    cycles: (outputs.at(-1)?.to ?? 0) - start + 5,
  });
  return ['docs/time/chain.svg', svg];
}
