import type { Stage } from './stage.js';

/** The whole design directory, checked as it is read back. */
export const generateStage: Stage = {
  name: 'generate',
  figures: [
    { name: 'designFiles', what: 'files of the design directory' },
    { name: 'designBytes', what: 'bytes of them' },
    { name: 'designHash', what: 'hash of the design' },
  ],
  depends: () => null,
  run: async (work) => {
    const { design, files, bytes } = await work.design();
    const { designHash } = design.manifest;
    return {
      outcome: 'passed',
      figures: { designFiles: files, designBytes: bytes, designHash },
    };
  },
  memoryMb: 900,
};
