export type { HeldXeroLine } from './books/held.ts';
export type { HeldXeroVoucher } from './xero-back-door.ts';
export {
  defaultTaxTypesByCode,
  defaultXeroOrganisation,
  type XeroOrganisationOptions,
  type XeroSimulatorOptions,
} from './xero-options.ts';
export { startXeroSimulator, type XeroSimulator } from './xero-simulator.ts';
export { xeroSimulation } from './simulation.ts';
