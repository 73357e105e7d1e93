import type { ToolSpec } from '../../devices/tool.js';

export const YOSYS: ToolSpec = {
  name: 'yosys',
  sources: [{ program: 'yosys' }, { npm: '@yowasp/yosys', function: 'runYosys' }],
  versionArgument: '-V',
  version: /Yosys (\S+)/,
  install: "Debian's package yosys, or the npm package @yowasp/yosys",
};

/** Static timing analysis of netlists of standard cells. */
export const OPENSTA: ToolSpec = {
  name: 'opensta',
  sources: [{ program: 'sta' }],
  versionArgument: '-version',
  version: /^(\d+\.\d+\.\d+)/m,
  install: "Debian's package opensta",
};
