export { namedTripletexFaults } from './server/tripletex-faults.ts';
export { defaultTripletexCompany, type TripletexSimulatorOptions } from './tripletex-options.ts';
export { startTripletexSimulator, type TripletexSimulator } from './tripletex-simulator.ts';
export { bilagAccounts, tripletexSimulation } from './simulation.ts';
