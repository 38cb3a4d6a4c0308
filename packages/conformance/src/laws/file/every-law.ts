import type { FileLaw } from '../../file-laws.ts';
import { fileBalanced } from './balanced.ts';
import { fileCurrency, fileZeroDecimal } from './currency.ts';
import { fileDate } from './date.ts';
import { fileDimensions } from './dimensions.ts';
import { fileExact } from './exact.ts';
import { fileLocale } from './locale.ts';
import { fileLong } from './long.ts';
import { fileOnce } from './once.ts';
import { fileOrder } from './order.ts';
import { fileText } from './text.ts';
import { fileVat } from './vat.ts';

/** In the order in which an author meets them. */
export const everyFileLaw: readonly FileLaw[] = [
  fileExact,
  fileBalanced,
  fileOnce,
  fileOrder,
  fileVat,
  fileDate,
  fileLong,
  fileText,
  fileDimensions,
  fileCurrency,
  fileZeroDecimal,
  fileLocale,
];
