/**
 * Where a write stands in the log.
 *
 * | state | means |
 * |---|---|
 * | `planned` | nothing of it was sent, or what was sent was certainly not written |
 * | `intended` | about to be sent, or being sent; after a crash the same as `unknown-outcome` |
 * | `posted` | the target holds it, as we wrote it |
 * | `rejected` | the target refused the content |
 * | `conflict` | the target holds something else, or it twice: a person decides |
 * | `blocked` | closed by somebody, such as a locked period |
 * | `unknown-outcome` | it may be there or not: looked up before anything is sent again |
 * | `reversed` | it was posted and taken back by a voucher of its own |
 */
export type DeliveryState =
  | 'planned'
  | 'intended'
  | 'posted'
  | 'rejected'
  | 'conflict'
  | 'blocked'
  | 'unknown-outcome'
  | 'reversed';
