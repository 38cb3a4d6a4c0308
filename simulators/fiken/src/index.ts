export { startFikenSimulator, type FikenSimulator, type FikenSimulatorOptions } from './fiken-simulator.ts';
export { fikenSimulation } from './simulation.ts';
