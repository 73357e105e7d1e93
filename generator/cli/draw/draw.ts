import { writeFileAtomic } from '../../base/files.js';
import { svgOf } from '../../base/svg.js';
import type { ReportInput } from '../../report/input.js';
import { mapPicture } from '../../report/maps/svg-map.js';
import { STILL, still } from '../../report/pictures/picture.js';
import { schedulePicture } from '../../report/pictures/schedule.js';
import { stacked } from '../../report/pictures/stacked.js';
import { playSchedule } from '../../report/schedule/playing.js';
import { memoryPicture } from '../../report/sections/memories.js';
import { histogramPictures } from '../../report/sections/numbers.js';
import { cyclesPicture } from '../../report/sections/schedule.js';
import { sparsityMaps } from '../../report/sections/sparsity.js';
import { defineCommand } from '../frame/command.js';
import { designOptions } from '../options/design-options.js';
import { badValue, choice, input, output } from '../options/options.js';
import { checkMeasure, measureOptions, reportedModel } from '../report/reported.js';

type Drawn = Omit<ReportInput, 'cosim' | 'synth' | 'wordLengths'>;

/** What can be drawn, each as the specifications of its pictures, from the top. */
const KINDS = {
  sparsity: (own: Drawn) =>
    sparsityMaps(own).flatMap((map) =>
      map.patterns.map((_, pattern) => mapPicture(map, { pattern })),
    ),
  schedule: (own: Drawn) => {
    const played = playSchedule(own.hardware, own.placed, own.cuts);
    const whole = { ...own, cosim: [], synth: [], wordLengths: [] };
    return [schedulePicture(played, STILL), cyclesPicture(whole, STILL)].map(still);
  },
  memory: (own: Drawn) => [still(memoryPicture(own, STILL))],
  histograms: (own: Drawn) => histogramPictures(own, STILL).map(still),
} as const;
const NAMES = Object.keys(KINDS) as readonly (keyof typeof KINDS)[];

export const drawCommand = defineCommand({
  name: 'draw',
  summary: 'one kind of picture of a model or a design, as SVG',
  positionals: {
    WHAT: choice('what to draw', NAMES, { required: true }),
    PATH: input('compressed model or design directory', { required: true }),
  },
  options: {
    o: output('the picture, a file whose name ends in .svg', { required: true }),
    ...measureOptions,
    ...designOptions,
  },
  examples: [
    ['draw sparsity v16.safetensors -o v16.svg', 'which weights of every matrix are kept'],
    ['draw schedule rtl-out/kws -o kws.svg', 'what array, lanes and streams do over two frames'],
    ['draw memory v16.safetensors --macs 8 -o mem.svg', 'the memories of a design'],
    ['draw histograms rtl-out/kws --frames f.npy -o h.svg', 'weights, states, values'],
  ],
  run: async (args, { progress }) => {
    checkMeasure(args);
    if (!args.o.endsWith('.svg')) throw badValue('-o', 'a name ending in .svg', args.o);
    const given = { ...args, target: undefined, device: undefined };
    const { input: own } = await reportedModel(args.PATH, given, progress);
    progress.step('drawing');
    const specs = KINDS[args.WHAT](own);
    const pictures: string[] = [];
    for (const spec of specs) pictures.push(await svgOf(spec));
    await writeFileAtomic(args.o, stacked(pictures));
    return {
      ok: true,
      json: { drawn: args.WHAT, picture: args.o, pictures: pictures.length },
      lines: [
        `${args.WHAT}: ${args.o}${pictures.length === 1 ? '' : `, ${pictures.length} pictures`}`,
      ],
    };
  },
});
