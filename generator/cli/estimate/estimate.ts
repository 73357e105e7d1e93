import { estimateDevice, estimateHardware, isChain, largestMacs } from '../../accelerator/index.js';
import { findDevice } from '../../devices/find.js';
import { defineCommand } from '../frame/command.js';
import { clockOption } from '../options/clock-option.js';
import { designOptions } from '../options/design-options.js';
import { input } from '../options/options.js';
import { placedHardware } from '../options/placed-hardware.js';
import { noDevices, targetOf, targetOptions } from '../options/target-options.js';
import { paddingWarnings } from '../text/block-warnings.js';
import { figuresLines, figuresSummary } from '../text/chain-text.js';
import { timed, timedLines } from '../text/clock-text.js';
import { orderLines } from '../text/orders-text.js';
import { type Resources, resourcesLines, resourcesSummary } from '../text/resources-text.js';

export const estimateCommand = defineCommand({
  name: 'estimate',
  summary: 'exact cycles and bits of a model on a configuration, without generating anything',
  positionals: { PATH: input('compressed model or design directory', { required: true }) },
  options: { ...designOptions, ...targetOptions, ...clockOption },
  examples: [
    ['estimate v16.safetensors --macs 8', 'cycles, utilization, memory bits'],
    ['estimate r.safetensors --macs 1024 --cell-lanes 4 --json', 'what fewer cell lanes cost'],
    ['estimate v16.safetensors --clock-mhz 100', 'in µs and frames a second, too'],
    ['estimate rtl-out/kws', 'of a design that exists'],
    ['estimate rtl-out/kws --target ecp5', 'block RAMs and multipliers, and the device it fits'],
    ['estimate v16.safetensors --macs 64 --device LFE5U-25F', 'whether it fits that device'],
  ],
  run: async (args, { progress }) => {
    const { family, device } = targetOf(args);
    progress.step('planning');
    const planned = await placedHardware(args.PATH, args);
    const { hardware, model, cuts, prediction } = planned;
    const figures = estimateHardware(hardware, model, cuts, prediction);
    const clock = timed(figures, args.clockMhz);
    let resources: Resources | null = null;
    if (family !== null && isChain(hardware)) throw noDevices(hardware, args);
    if (family !== null && !isChain(hardware)) {
      const configuration = hardware;
      progress.step('predicting resources');
      const onDevice = estimateDevice(configuration, model, family, device);
      progress.step('looking for the largest MAC count');
      const chosen = findDevice(family, onDevice.device);
      resources = { ...onDevice, ...largestMacs(model, planned.options, chosen) };
    }
    return {
      ok: true,
      json: { ...figures, ...clock, resources },
      lines: [
        ...figuresLines(figures),
        ...timedLines(clock),
        ...orderLines(planned.orders),
        ...(resources === null ? [] : ['', ...resourcesLines(resources)]),
      ],
      summary: [
        ...figuresSummary(figures),
        ...timedLines(clock),
        ...orderLines(planned.orders),
        ...(resources === null ? [] : ['', ...resourcesSummary(resources)]),
      ],
      next: planned.next,
      warnings: paddingWarnings(model, figures),
    };
  },
});
