// Exit code 0: node_modules holds what package-lock.json asks for, whichever of the two is newer. Git and a new version
// of this package change the time of the one and nothing that is installed.
const { utimesSync } = require('node:fs');

const INSTALLED = `${process.cwd()}/node_modules/.package-lock.json`;
const { '': _, ...wanted } = require(`${process.cwd()}/package-lock.json`).packages;
const { packages } = require(INSTALLED);

const same = (a, b) => a?.version === b?.version && a?.integrity === b?.integrity;
const ok =
  Object.keys(packages).every((path) => same(packages[path], wanted[path])) &&
  // what is optional may be for another system
  Object.keys(wanted).every((path) => path in packages || wanted[path].optional);
if (!ok) process.exit(1);
utimesSync(INSTALLED, new Date(), new Date());
