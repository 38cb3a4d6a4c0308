export * from './safety/address.ts';
export { toDocument } from './document.ts';
export { modeFinding, yearMissing } from './inspections.ts';
export { plainLine } from './plain-line.ts';
export { cannotHold, lockedBooks, placeOf } from './voucher-refusals.ts';
export { type HttpClientOptions, type HttpClient, createHttpClient } from './transport/client.ts';
export { HttpError, type FailedReply, type Refusal, type RefusalOf, errorOf, restateError } from './replies/errors.ts';
export { parseJson, parseJsonBytes } from './replies/json.ts';
export { isLoopback } from './safety/loopback.ts';
export type { Redactor } from './safety/redaction.ts';
export { toMultipart } from './multipart.ts';
export * from './replies/replies.ts';
export type { HttpReply } from './transport/request.ts';
export {
  type Authorisation,
  type AuthorisationHeaders,
  type ServiceRequest,
  type ServiceWrite,
  type ServiceClient,
  createServiceClient,
} from './service-client.ts';
export { ClientTokens } from './client-tokens.ts';
export { RefreshedTokens } from './refreshed-tokens.ts';
export { Remembered } from './remembered.ts';
