export * from './adapter-names.ts';
export * from './create-adapter.ts';
