export type { HeldBusinessCentralDocument } from './business-central-back-door.ts';
export {
  type BusinessCentralCompanyOptions,
  type BusinessCentralSimulatorOptions,
  defaultBusinessCentralCompany,
  defaultVatGroupsByCode,
  simulatedEnvironment,
  simulatedTenant,
} from './business-central-options.ts';
export { startBusinessCentralSimulator, type BusinessCentralSimulator } from './business-central-simulator.ts';
export { businessCentralSimulation } from './simulation.ts';
