export type { LineParts } from './books/business-central-company.ts';
export type { HeldAttachment, HeldEntry, HeldLine } from './books/held.ts';
export type * from './business-central-back-door.ts';
export * from './business-central-options.ts';
export { startBusinessCentralSimulator, type BusinessCentralSimulator } from './business-central-simulator.ts';
export { businessCentralSimulation } from './simulation.ts';
