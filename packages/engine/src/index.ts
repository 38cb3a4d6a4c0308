export * from './archive.ts';
export * from './output-set.ts';
