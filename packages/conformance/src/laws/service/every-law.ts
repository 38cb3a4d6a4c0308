import type { ServiceLaw } from '../../service-laws.ts';
import { balanced, exact } from './exact.ts';
import { charted, identified } from './identified.ts';
import { errorAfterCommit, lostReply } from './lost-reply.ts';
import { crash, lostRequest } from './lost-request.ts';
import { once, otherContent, receipt } from './receipt.ts';

/** Every law of a service, in the order an author meets them. */
export const everyServiceLaw: readonly ServiceLaw[] = [
  identified,
  charted,
  exact,
  balanced,
  receipt,
  once,
  otherContent,
  lostReply,
  lostRequest,
  errorAfterCommit,
  crash,
];
