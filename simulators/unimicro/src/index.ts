export type {
  HeldUnimicroDraftLine,
  HeldUnimicroEntry,
  HeldUnimicroFile,
  HeldUnimicroLine,
} from './books/held-entry.ts';
export type * from './unimicro-back-door.ts';
export * from './unimicro-options.ts';
export { startUnimicroSimulator, type UnimicroSimulator } from './unimicro-simulator.ts';
export { unimicroSimulation } from './simulation.ts';
