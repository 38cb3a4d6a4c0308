/**
 * What only looks at files: it needs no company, and loads nothing of the books.
 *
 * @example
 * ```ts
 * import { hasConfig, loadAdapter } from '@bilag/company/files';
 *
 * const folder = import.meta.dirname;
 * hasConfig(folder); // => false
 * await loadAdapter('not a package', { folder }).catch((error) => error.kind); // => 'config'
 * ```
 *
 * @module
 */
export { hasConfig } from './config/find-config.ts';
export { loadAdapter } from './config/load-adapter.ts';
export { checkFiles, type Checker, type ChosenFile } from './export/check-files.ts';
export { refuseContainer } from './export/checked-file.ts';
