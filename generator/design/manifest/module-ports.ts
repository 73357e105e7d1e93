/** A port of a Verilog module whose widths are numbers. */
export interface ModulePort {
  readonly name: string;
  readonly direction: 'input' | 'output';
  readonly bits: number;
}

const PORT =
  /^\s*(input|output)\s+(?:wire|reg)?\s*(?:signed\s+)?(?:\[(\d+):0\])?\s*(\w+)\s*,?\s*(?:\/\/.*)?$/;

/** The ports of a module header as `moduleHeader` cuts it out of the Verilog, one on a line, in their order. */
export function modulePorts(header: string): readonly ModulePort[] {
  return header.split('\n').flatMap((line) => {
    const [, direction, high = '0', name] = PORT.exec(line) ?? [];
    if (direction === undefined || name === undefined) return [];
    return [{ name, direction: direction as ModulePort['direction'], bits: Number(high) + 1 }];
  });
}
