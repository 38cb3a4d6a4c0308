import type { Language } from '@bilag/core';
import type { Office } from '../view.ts';

/** What visitors may do besides looking: settle, match and release; or also post and take back. */
export const permissions = ['decide', 'deliver'] as const;
export type Permission = (typeof permissions)[number];

/** How the pages are shown. */
export interface PageOptions {
  readonly office: Office;
  /** What the first page is in; every page is there in every language. Default `nb`. */
  readonly language?: Language;
  /** Default: nothing. */
  readonly allow?: readonly Permission[];
  /** Whether names and messages of payers are shown. Default false. */
  readonly personal?: boolean;
  /** Told of a fault in the program, which the visitor is only told that it was one. */
  readonly onFault?: (fault: unknown) => void;
}
