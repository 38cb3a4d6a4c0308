export * from './exchange.ts';
export { type FaultServer, createFaultServer } from './fault-server.ts';
export type { Fault, Answer, FaultAim, ArmedFault, Faults } from './faults.ts';
export { formParts } from './form-parts.ts';
export * from './number-text.ts';
export * from './rate-window.ts';
export type { RecordedRequest } from './recorded-request.ts';
export type { RunningSimulation, Simulation } from './simulation.ts';
export { aimedFaults, type Simulator, type SimulatorOptions } from './simulator.ts';
