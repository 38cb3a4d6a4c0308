export type { HeldUnimicroDraftLine, HeldUnimicroEntry } from './books/held-entry.ts';
export type { UnimicroCompanyBackDoor } from './unimicro-back-door.ts';
export {
  defaultUnimicroCompany,
  type UnimicroCompanyOptions,
  type UnimicroSimulatorOptions,
} from './unimicro-options.ts';
export { startUnimicroSimulator, type UnimicroSimulator } from './unimicro-simulator.ts';
export { unimicroSimulation } from './simulation.ts';
