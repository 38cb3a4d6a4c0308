export type { HeldLedgerVoucher, TypedLedgerRow } from './books/held-ledger-voucher.ts';
export type { LedgerLineDraft } from './books/poweroffice-books.ts';
export {
  defaultPowerOfficeAccounts,
  defaultPowerOfficeClient,
  type PowerOfficeSimulatorOptions,
} from './poweroffice-options.ts';
export { startPowerOfficeSimulator, type PowerOfficeSimulator } from './poweroffice-simulator.ts';
export { powerOfficeSimulation } from './simulation.ts';
