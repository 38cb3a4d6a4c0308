export * from './safety/address.ts';
export {
  defaultTimeouts,
  type HttpClientOptions,
  type HttpEvent,
  type HttpClient,
  createHttpClient,
} from './transport/client.ts';
export {
  HttpError,
  type FailedReply,
  type Refusal,
  type RefusalOf,
  errorOf,
  restateError,
  errorOfTransport,
} from './replies/errors.ts';
export { parseJson, parseJsonBytes } from './replies/json.ts';
export { type Sleep, createLimiter, realSleep } from './transport/limiter.ts';
export { isLoopback } from './safety/loopback.ts';
export * from './safety/redaction.ts';
export { defaultRetry, backoffMs, retryAfterMs } from './transport/retry.ts';
export { toMultipart } from './multipart.ts';
export * from './replies/replies.ts';
export type { HttpReply } from './transport/request.ts';
export {
  type ServiceClientOptions,
  type Authorisation,
  type AuthorisationHeaders,
  type ServiceRequest,
  type ServiceWrite,
  type ServiceClient,
  createServiceClient,
} from './service-client.ts';
