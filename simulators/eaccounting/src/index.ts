export type { HeldEAccountingVoucher } from './books/held-voucher.ts';
export type { EAccountingCompanyBackDoor } from './eaccounting-back-door.ts';
export {
  defaultEAccountingCompany,
  type EAccountingCompanyOptions,
  type EAccountingSimulatorOptions,
} from './eaccounting-options.ts';
export { startEAccountingSimulator, type EAccountingSimulator } from './eaccounting-simulator.ts';
export { eAccountingSimulation } from './simulation.ts';
