export type { HeldFortnoxVoucher } from './books/held-voucher.ts';
export type { FortnoxCompanyBackDoor } from './fortnox-back-door.ts';
export { defaultFortnoxCompany, type FortnoxCompanyOptions, type FortnoxSimulatorOptions } from './fortnox-options.ts';
export { startFortnoxSimulator, type FortnoxSimulator } from './fortnox-simulator.ts';
export { fortnoxSimulation } from './simulation.ts';
