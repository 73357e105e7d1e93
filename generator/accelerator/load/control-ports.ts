import { bit, input, output } from '../../hdl/index.js';

/** What a bus asks of a loader and hears from it. */
export function controlPorts() {
  return {
    load_abort: input(bit, 'a load that has begun is refused, what is skipped is at its end'),
    loading: output(bit, 'a load has begun and not ended, or beats behind an error are skipped'),
    load_skips: output(bit, 'beats behind an error are skipped'),
    load_waits: output(bit, 'it waits for the last frame to leave its place'),
    load_done: output(bit, 'a load ends well'),
    load_refused: output(bit, 'a load is refused'),
  };
}
