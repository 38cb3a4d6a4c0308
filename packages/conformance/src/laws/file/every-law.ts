import type { FileLaw } from '../../files/file-law.ts';
import { fileAbandoned } from './output/abandoned.ts';
import { fileAgain } from './output/again.ts';
import { fileBalanced } from './books/balanced.ts';
import { fileChecked } from './output/checked.ts';
import { fileCurrency, fileZeroDecimal } from './books/currency.ts';
import { fileDate } from './books/date.ts';
import { fileDimensions } from './books/dimensions.ts';
import { fileExact } from './books/exact.ts';
import { fileNames } from './output/file-names.ts';
import { fileLocale } from './locale.ts';
import { fileLong } from './long.ts';
import { fileOnce } from './books/once.ts';
import { fileOrder } from './books/order.ts';
import { fileRefused } from './output/refused.ts';
import { fileStable } from './output/stable.ts';
import { fileStill } from './output/still.ts';
import { fileStreaming } from './output/streaming.ts';
import { fileText } from './text.ts';
import { fileVat } from './books/vat.ts';
import { fileWholeFiles } from './output/whole-files.ts';

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
  fileStable,
  fileNames,
  fileAgain,
  fileWholeFiles,
  fileStreaming,
  fileAbandoned,
  fileChecked,
  fileRefused,
  fileStill,
];
