import { jsonReply, type ServerReply } from '@bilag/fault-server';
import type { BusinessCentralRefusal } from '../books/business-central-refusal.ts';

/** OData's error. Its words end with an id to quote. */
export function refusalReply(
  { status, code, message }: Pick<BusinessCentralRefusal, 'status' | 'code' | 'message'>,
  headers: Readonly<Record<string, string>> = {},
): ServerReply {
  const words = `${message}  CorrelationId:  5f0c1d8e-2b7a-4c93-9a5e-000000000001.`;
  return jsonReply(status, { error: { code, message: words } }, headers);
}

/** One object, as a reply has it. */
export function objectReply(status: number, object: object): ServerReply {
  const headers = { 'content-type': 'application/json; odata.metadata=minimal', 'odata-version': '4.0' };
  return jsonReply(status, object, headers);
}
