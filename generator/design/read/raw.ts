/** A manifest of any version, not to be trusted. */
export type Raw = Readonly<Record<string, unknown>>;

export function asRecord(value: unknown): Raw {
  return typeof value === 'object' && value !== null ? (value as Raw) : {};
}

/** Whether the Verilog of a design names the lines of its source: whether its manifest does. */
export function hasSourceLines({ registers }: Raw): boolean {
  return Object.values(asRecord(registers))
    .flatMap((list) => (Array.isArray(list) ? list : []))
    .some((register) => asRecord(register).source !== null);
}
