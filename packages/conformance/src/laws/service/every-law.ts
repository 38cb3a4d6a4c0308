import type { ServiceLaw } from '../../services/service-law.ts';
import { attachment } from './attachment.ts';
import { currency } from './books/currency.ts';
import { date } from './books/date.ts';
import { dimensions } from './books/dimensions.ts';
import { balanced, exact } from './books/exact.ts';
import { fenced } from './sending/fenced.ts';
import { finished } from './sending/finished.ts';
import { found, listed } from './sending/found.ts';
import { charted, identified } from './sending/identified.ts';
import { inspected } from './inspected.ts';
import { long } from './books/long.ts';
import { errorAfterCommit, lostReply } from './sending/lost-reply.ts';
import { crash, lostRequest } from './sending/lost-request.ts';
import { order } from './books/order.ts';
import { ownWords } from './own-words.ts';
import { polite } from './polite.ts';
import { quiet } from './quiet.ts';
import { once, otherContent, receipt } from './books/receipt.ts';
import { blocked, refusedLine } from './sending/refused.ts';
import { reversal } from './books/reversal.ts';
import { slowSearch } from './sending/slow-search.ts';
import { still } from './sending/still.ts';
import { text } from './books/text.ts';
import { attemptedOnce, busy, denied, unreachable } from './sending/turned-away.ts';
import { vat } from './books/vat.ts';

/** Every law of a service, in the order an author meets them. */
export const everyServiceLaw: readonly ServiceLaw[] = [
  still,
  identified,
  charted,
  inspected,
  exact,
  balanced,
  vat,
  order,
  date,
  text,
  dimensions,
  currency,
  long,
  receipt,
  once,
  otherContent,
  found,
  listed,
  lostReply,
  lostRequest,
  errorAfterCommit,
  finished,
  ownWords,
  fenced,
  crash,
  slowSearch,
  attemptedOnce,
  busy,
  denied,
  unreachable,
  blocked,
  refusedLine,
  reversal,
  attachment,
  polite,
  quiet,
];
