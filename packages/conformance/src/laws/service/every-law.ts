import type { ServiceLaw } from '../../services/service-law.ts';
import { attachment } from './attachment.ts';
import { currency } from './currency.ts';
import { date } from './date.ts';
import { dimensions } from './dimensions.ts';
import { balanced, exact } from './exact.ts';
import { fenced } from './fenced.ts';
import { found, listed } from './found.ts';
import { charted, identified } from './identified.ts';
import { long } from './long.ts';
import { errorAfterCommit, lostReply } from './lost-reply.ts';
import { crash, lostRequest } from './lost-request.ts';
import { order } from './order.ts';
import { ownWords } from './own-words.ts';
import { polite } from './polite.ts';
import { quiet } from './quiet.ts';
import { once, otherContent, receipt } from './receipt.ts';
import { blocked, refusedLine } from './refused.ts';
import { reversal } from './reversal.ts';
import { slowSearch } from './slow-search.ts';
import { still } from './still.ts';
import { text } from './text.ts';
import { attemptedOnce, busy, denied, unreachable } from './turned-away.ts';
import { vat } from './vat.ts';

/** Every law of a service, in the order an author meets them. */
export const everyServiceLaw: readonly ServiceLaw[] = [
  still,
  identified,
  charted,
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
