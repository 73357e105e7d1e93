import { LOAD_CAUSES } from '../../accelerator/index.js';
import type { Fault, FaultKind } from '../monitor/observations.js';

const FLAG = ({ expected, got }: Fault) => `must be ${expected}, is ${got}`;
/** What the harness was about, by the detail of a hang. */
const DOING = ['idle', 's_axis_tvalid waits for s_axis_tready', 'frames are to end'] as const;
const doing = ({ detail }: Fault) => DOING[detail] ?? DOING[0];

const TEXT: Readonly<Record<FaultKind, (fault: Fault) => string>> = {
  hang: (fault) =>
    `the hardware hangs: no beat on either stream for ${fault.expected} cycles with m_axis_tready high, ` +
    `${doing(fault)}, ${frames(fault.got)} inside`,
  endless: (fault) =>
    `the hardware takes more than four times the cycles predicted: ${doing(fault)}, ${frames(fault.got)} inside`,
  unstable: () => 'an output beat changed or vanished while it had to wait',
  trace: () => 'the trace port named a layer that does not exist',
  busy: (fault) => `busy ${FLAG(fault)}`,
  cycles: (fault) => `cycles ${FLAG(fault)}`,
  error: (fault) => `error ${FLAG(fault)}`,
  errorCount: (fault) => `error_count ${FLAG(fault)}`,
  last: (fault) => `m_axis_tlast ${FLAG(fault)}`,
  marks: (fault) => `m_axis_tuser ${FLAG(fault)}`,
  load: ({ expected, got, detail }) =>
    `the model was not loaded: ${got} of ${expected} bytes taken, load_cause ${loadCause(detail)}`,
  memory: ({ got }) =>
    `memory_error_count must be 0, is ${got}: a word of a memory is not as it was stored`,
  surplus: () => 'm_axis_tvalid must be 0, is 1: no frame is inside',
  notReady: () => 's_axis_tready must be 1, is 0: an input buffer is free',
  overfull: ({ expected, got }) => `${frames(got)} inside, there is room for ${expected}`,
  readyInReset: () => 's_axis_tready must be 0 while rst is 1, is 1',
  notCleared: ({ detail, got }) =>
    `${['m_axis_tvalid, busy and error', 'error_count', 'cycles'][detail]} must be 0 after a clock edge with rst, is ${got}`,
};

/** A code with what it means. */
function loadCause(code: number): string {
  const cause = LOAD_CAUSES.find((one) => one.code === code);
  return cause === undefined ? String(code) : `${code}: ${cause.means}`;
}

/** What the harness complains about, as a sentence without the cycle. */
export function faultText(fault: Fault): string {
  return TEXT[fault.fault](fault);
}

function frames(count: number): string {
  return count === 1 ? '1 frame' : `${count} frames`;
}
