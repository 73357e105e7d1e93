import { readFileSync, writeFileSync } from 'node:fs';

// Loaded before a program: when it ends, the most memory that it has had goes to the file that HCGS_PEAK names, in bytes. Not
// `process.resourceUsage`, whose peak may be that of the process that started it.
process.on('exit', () => {
  const [, kibibytes] =
    /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  writeFileSync(process.env.HCGS_PEAK, `${1024 * Number(kibibytes)}`);
});
