export type { EconomicLine, HeldEconomicVoucher } from './economic-back-door.ts';
export type { EconomicAgreementOptions, EconomicSimulatorOptions } from './economic-options.ts';
export { startEconomicSimulator, type EconomicSimulator } from './economic-simulator.ts';
export { economicSimulation } from './simulation.ts';
