export * from './exchange.ts';
export * from './fault-server.ts';
export * from './faults.ts';
export * from './form-parts.ts';
export * from './number-text.ts';
export * from './rate-window.ts';
export * from './recorded-request.ts';
export type * from './simulation.ts';
