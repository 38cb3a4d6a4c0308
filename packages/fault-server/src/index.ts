export * from './exchange.ts';
export * from './fault-server.ts';
export * from './faults.ts';
export * from './recorded-request.ts';
