import { freemem } from 'node:os';
import { PROCESSORS } from '../../base/pool.js';

/** Megabytes that this process and its children may still take, control groups included where the system tells of them. */
export function availableMb(): number {
  const { availableMemory } = process as { availableMemory?: () => number };
  return (availableMemory?.() ?? freemem()) / 2 ** 20;
}

/** Processes of that many megabytes that this machine has processors and memory for; at least one. */
export function workersFor(workerMb: number): number {
  return Math.max(1, Math.min(PROCESSORS, Math.floor(availableMb() / workerMb)));
}
