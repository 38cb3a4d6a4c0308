export type { HeldEAccountingFile, HeldEAccountingRow, HeldEAccountingVoucher } from './books/held-voucher.ts';
export type * from './eaccounting-back-door.ts';
export * from './eaccounting-options.ts';
export { startEAccountingSimulator, type EAccountingSimulator } from './eaccounting-simulator.ts';
export { eAccountingSimulation } from './simulation.ts';
