export type { HeldLedgerEntry, HeldXeroJournal, HeldXeroLine, XeroStatus } from './books/held.ts';
export type * from './xero-back-door.ts';
export * from './xero-options.ts';
export { startXeroSimulator, type XeroSimulator } from './xero-simulator.ts';
export { xeroSimulation } from './simulation.ts';
