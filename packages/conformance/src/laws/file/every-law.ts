import type { FileLaw } from '../../files/file-law.ts';
import { fileAbandoned } from './abandoned.ts';
import { fileAgain } from './again.ts';
import { fileBalanced } from './balanced.ts';
import { fileChecked } from './checked.ts';
import { fileCurrency, fileZeroDecimal } from './currency.ts';
import { fileDate } from './date.ts';
import { fileDimensions } from './dimensions.ts';
import { fileExact } from './exact.ts';
import { fileNames } from './file-names.ts';
import { fileLocale } from './locale.ts';
import { fileLong } from './long.ts';
import { fileOnce } from './once.ts';
import { fileOrder } from './order.ts';
import { fileRefused } from './refused.ts';
import { fileStable } from './stable.ts';
import { fileStill } from './still.ts';
import { fileStreaming } from './streaming.ts';
import { fileText } from './text.ts';
import { fileVat } from './vat.ts';
import { fileWholeFiles } from './whole-files.ts';

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
