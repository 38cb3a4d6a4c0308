import type { ServiceLaw } from '../../service-laws.ts';
import { balanced, exact } from './exact.ts';
import { currency } from './currency.ts';
import { date } from './date.ts';
import { dimensions } from './dimensions.ts';
import { charted, identified } from './identified.ts';
import { long } from './long.ts';
import { errorAfterCommit, lostReply } from './lost-reply.ts';
import { crash, lostRequest } from './lost-request.ts';
import { order } from './order.ts';
import { once, otherContent, receipt } from './receipt.ts';
import { text } from './text.ts';
import { vat } from './vat.ts';

/** Every law of a service, in the order an author meets them. */
export const everyServiceLaw: readonly ServiceLaw[] = [
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
  lostReply,
  lostRequest,
  errorAfterCommit,
  crash,
];
