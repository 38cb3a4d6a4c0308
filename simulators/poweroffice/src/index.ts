export type { PowerOfficeSimulatorOptions } from './poweroffice-options.ts';
export { startPowerOfficeSimulator, type PowerOfficeSimulator } from './poweroffice-simulator.ts';
export { powerOfficeSimulation } from './simulation.ts';
