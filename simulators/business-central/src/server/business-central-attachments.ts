import { parseWithNumberTexts, type ServerReply, type ServerRequest } from '@bilag/fault-server';
import type { BusinessCentralCompany } from '../books/business-central-company.ts';
import { badRequest, noSuch, refusedByLogic } from '../books/business-central-refusal.ts';
import type { HeldAttachment } from '../books/held.ts';
import { fieldsOf, textOf } from '../books/line-checks.ts';
import { attachmentObject } from './business-central-objects.ts';
import { objectReply } from './business-central-replies.ts';
import { listReply } from './odata-lists.ts';

/** Files of lines and entries, which are incoming documents there; undefined for any other path. */
export function attachmentsReply(
  path: string,
  request: Pick<ServerRequest, 'method' | 'query' | 'headers' | 'body'>,
  company: BusinessCentralCompany,
): ServerReply | undefined {
  const { method, query, headers, body } = request;
  const [, id] = /^attachments\(([\w-]+)\)\/attachmentContent$/.exec(path) ?? [];
  if (id !== undefined && method === 'PATCH') {
    if (headers['if-match'] === undefined) throw noMatch();
    if (!company.attachments.some((file) => file.id === id)) throw noSuch(path);
    const content = new Uint8Array(body);
    company.attachments = company.attachments.map((file) => (file.id === id ? { ...file, content } : file));
    return { status: 204 };
  }
  if (path !== 'attachments') return undefined;
  if (method === 'GET') return list(query, company);
  return method === 'POST' ? make(body, company) : undefined;
}

export function noMatch(): ReturnType<typeof badRequest> {
  return badRequest("The request must have an 'If-Match' header.", 'BadRequest_InvalidToken');
}

function list(query: URLSearchParams, company: BusinessCentralCompany): ServerReply {
  const [, parentId] = /parentId eq ([\w-]+)/.exec(query.get('$filter') ?? '') ?? [];
  if (parentId === undefined)
    throw refusedByLogic('You must specify a parent ID and a parent type to get attachments.');
  const parent = parentOf(parentId, company);
  const rows = parent === undefined ? [] : company.attachments.filter((file) => isOf(file, parent));
  const listing = {
    rows,
    type: 'attachment',
    properties: {
      parentId: () => parentId,
      parentType: () => 'Journal',
      fileName: ({ fileName }: HeldAttachment) => fileName,
    },
    shown: (file: HeldAttachment) => attachmentObject(file, parentId),
  };
  return listReply(listing, query, { url: 'attachments', pageRows: 20_000 });
}

function make(body: Uint8Array, company: BusinessCentralCompany): ServerReply {
  const sent = fieldsOf(parseWithNumberTexts(body));
  const parentId = textOf(sent, 'parentId', 36) ?? '';
  if (textOf(sent, 'parentType', 50) !== 'Journal') throw refusedByLogic('The parent type is not supported.');
  const fileName = textOf(sent, 'fileName', 250) ?? '';
  if (!/^[^"<>|:*?\\/]+\.\w{1,10}$/.test(fileName)) throw refusedByLogic('The file name is not valid.');
  const parent = parentOf(parentId, company);
  if (parent === undefined) throw refusedByLogic('The parent document does not exist.');
  const { documentNumber, postingDate } = parent;
  const file = { id: company.newId(), documentNumber, postingDate, fileName, content: new Uint8Array() };
  company.attachments = [...company.attachments, file];
  return objectReply(201, attachmentObject(file, parentId));
}

type Parent = Pick<HeldAttachment, 'documentNumber' | 'postingDate'>;

function parentOf(id: string, { lines, entries }: BusinessCentralCompany): Parent | undefined {
  return lines.find((line) => line.id === id) ?? entries.find((entry) => entry.id === id);
}

function isOf(file: HeldAttachment, { documentNumber, postingDate }: Parent): boolean {
  return file.documentNumber === documentNumber && file.postingDate === postingDate;
}
