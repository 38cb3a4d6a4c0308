export type {
  HeldLedgerLine,
  HeldLedgerVoucher,
  HeldTransaction,
  PowerOfficeVoucherType,
  TypedLedgerRow,
} from './held-ledger-voucher.ts';
export type { PowerOfficeAccess, PowerOfficeCredentials } from './poweroffice-access.ts';
export type {
  LedgerAlteration,
  PowerOfficeBackDoor,
  PowerOfficeClientBackDoor,
  TypedLedgerVoucher,
} from './poweroffice-back-door.ts';
export type { LedgerLineDraft } from './poweroffice-books.ts';
export type { PowerOfficeEndpoint, PowerOfficeFaultAim } from './poweroffice-faults.ts';
export {
  defaultPowerOfficeAccounts,
  defaultPowerOfficeClient,
  type PowerOfficeAccountOptions,
  type PowerOfficeClientOptions,
  type PowerOfficePrivilege,
  type PowerOfficeSimulatorOptions,
} from './poweroffice-options.ts';
export { startPowerOfficeSimulator, type PowerOfficeSimulator } from './poweroffice-simulator.ts';
export { powerOfficeSimulation } from './simulation.ts';
