export type { HeldFile, HeldFortnoxVoucher, HeldRow } from './books/held-voucher.ts';
export type * from './fortnox-back-door.ts';
export * from './fortnox-options.ts';
export { startFortnoxSimulator, type FortnoxSimulator } from './fortnox-simulator.ts';
export { fortnoxSimulation } from './simulation.ts';
