export type { DraftParts } from './books/economic-agreement.ts';
export type { BookedEntry, DraftEntry, HeldDocument } from './books/held-entry.ts';
export type * from './economic-back-door.ts';
export * from './economic-options.ts';
export { startEconomicSimulator, type EconomicSimulator } from './economic-simulator.ts';
export { economicSimulation } from './simulation.ts';
