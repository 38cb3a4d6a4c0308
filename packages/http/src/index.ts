export * from './address.ts';
export {
  defaultTimeouts,
  type HttpClientOptions,
  type HttpEvent,
  type HttpClient,
  createHttpClient,
} from './client.ts';
export {
  HttpError,
  type FailedReply,
  type Refusal,
  type RefusalOf,
  errorOf,
  restateError,
  errorOfTransport,
} from './errors.ts';
export { parseJson, parseJsonBytes } from './json.ts';
export { type Sleep, createLimiter, realSleep } from './limiter.ts';
export { isLoopback } from './loopback.ts';
export * from './redaction.ts';
export { defaultRetry, backoffMs, retryAfterMs } from './retry.ts';
export { toMultipart } from './multipart.ts';
export * from './replies.ts';
export type { HttpReply } from './request.ts';
export {
  type ServiceClientOptions,
  type Authorisation,
  type AuthorisationHeaders,
  type ServiceRequest,
  type ServiceWrite,
  type ServiceClient,
  createServiceClient,
} from './service-client.ts';
