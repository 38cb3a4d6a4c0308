export * from './client.ts';
export * from './errors.ts';
export * from './json.ts';
export * from './limiter.ts';
export * from './redaction.ts';
export * from './retry.ts';
