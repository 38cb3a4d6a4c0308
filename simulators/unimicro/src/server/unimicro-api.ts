import { isPlainDate } from '@bilag/core';
import { formParts, jsonReply, type ServerReply, type ServerRequest } from '@bilag/fault-server';
import { readEntries } from '../books/entry-checks.ts';
import type { HeldUnimicroEntry } from '../books/held-entry.ts';
import type { UnimicroCompany } from '../books/unimicro-company.ts';
import { refuse, UnimicroRefusal } from '../books/unimicro-refusal.ts';
import type { UnimicroAccess } from './unimicro-access.ts';
import { filtered } from './unimicro-filter.ts';
import {
  draftRows,
  entryObject,
  Expansion,
  headRow,
  lineObject,
  lineRows,
  registerRows,
  type Row,
} from './unimicro-objects.ts';

/** What the API is made of. */
export interface UnimicroApiParts {
  readonly access: UnimicroAccess;
  readonly companies: readonly UnimicroCompany[];
  readonly isShown: (since: number) => boolean;
  readonly unknownFields: ReadonlySet<string>;
}

/** From request to reply. */
export class UnimicroApi {
  readonly #parts: UnimicroApiParts;

  constructor(parts: UnimicroApiParts) {
    this.#parts = parts;
  }

  answer(request: ServerRequest): ServerReply {
    const { access } = this.#parts;
    if (request.path === '/connect/token') return access.tokenReply(request);
    if (!access.isKnown(request)) return told(401, 'Authorization has been denied for this request.');
    if (access.isTooMany(request)) return told(429, 'Too many requests.', { 'retry-after': '7' });
    try {
      return this.#companies(request) ?? this.#inCompany(request) ?? told(404, `Fant ikke ${request.path}.`);
    } catch (error) {
      if (error instanceof UnimicroRefusal) return told(error.status, error.message);
      throw error;
    }
  }

  #companies({ method, path }: ServerRequest): ServerReply | undefined {
    if (method !== 'GET' || path !== '/api/init/companies') return undefined;
    const rows = this.#parts.companies.map(({ options: { key, name, organisationNumber } }) => {
      return { Key: key, Name: name ?? '', OrganizationNumber: organisationNumber ?? '' };
    });
    return jsonReply(200, rows);
  }

  #inCompany(request: ServerRequest): ServerReply | undefined {
    const { method, path, headers } = request;
    const company = this.#parts.companies.find(({ options }) => options.key === headers['companykey']);
    if (company === undefined) throw new UnimicroRefusal(403, 'Brukeren har ikke tilgang til selskapet.');
    if (method === 'POST' && path === '/api/file') return upload(request, company);
    const [, route = '', first, second] = /^\/api\/biz\/([a-z]+)(?:\/([A-Za-z]+|\d+))?(?:\/(\d+))?$/.exec(path) ?? [];
    if (method === 'GET') return this.#read(request, company, [route, first, second]);
    return route === 'journalentries' && first === undefined ? act(request, company) : undefined;
  }

  #read(
    { query }: ServerRequest,
    company: UnimicroCompany,
    [route, first, second]: readonly [string, string | undefined, string | undefined],
  ): ServerReply | undefined {
    company.ask('read');
    if (route === 'files')
      return first === 'JournalEntry' ? jsonReply(200, filesOf(company, Number(second))) : undefined;
    const expansion = new Expansion(query);
    if (route === 'journalentries' && first !== undefined) {
      return jsonReply(200, entryObject(company, company.entry(Number(first)), expansion));
    }
    const shown = company.entries.filter(({ createdAt }) => this.#parts.isShown(createdAt));
    const page = (rows: readonly Row[], whole: (row: Row) => object = (row) => row): ServerReply =>
      jsonReply(200, this.#page(rows, query).map(whole));
    const lines = (rowsOf: typeof lineRows): ServerReply => {
      const rows = shown.flatMap((entry) => rowsOf(company, entry));
      return page(rows, (row) => lineObject(company, row, expansion));
    };
    switch (route) {
      case 'journalentries':
        return page(shown.map(headRow), ({ ID }) => entryObject(company, company.entry(ID), expansion));
      case 'journalentrylines':
        return lines(lineRows);
      case 'journalentrylinedrafts':
        return lines(draftRows);
      default: {
        const rows = registerRows(company, route, expansion);
        if (first === undefined) return rows && page(rows);
        const row = rows?.find(({ ID }) => ID === Number(first));
        return row && jsonReply(200, row);
      }
    }
  }

  #page(rows: readonly Row[], query: URLSearchParams): readonly Row[] {
    const found = filtered(rows, query.get('filter'), this.#parts.unknownFields).toSorted((a, b) => a.ID - b.ID);
    const skip = Number(query.get('skip') ?? 0);
    return found.slice(skip, skip + Number(query.get('top') ?? 1_000));
  }
}

/** What is done with journal entries. */
function act({ method, query, body }: ServerRequest, company: UnimicroCompany): ServerReply | undefined {
  company.ask('book');
  const made = (entries: readonly HeldUnimicroEntry[]): ServerReply => {
    const nothing = new Expansion(new URLSearchParams());
    return jsonReply(
      200,
      entries.map((entry) => entryObject(company, entry, nothing)),
    );
  };
  switch (`${method} ${query.get('action')}`) {
    case 'POST book-journal-entries':
      return made(company.book(readEntries(body, company)));
    case 'POST save-journal-entries-as-draft':
      return made(readEntries(body, company).map((entry) => company.draft(entry)));
    case 'POST credit-and-book-journal-entry': {
      const entry = company.entry(Number(query.get('journalEntryID')));
      const date = query.get('creditDate') ?? entry.lines[0]?.date ?? '';
      return isPlainDate(date) ? made([company.credit(entry.id, date)]) : refuse('creditDate er ingen dato.');
    }
    case 'DELETE delete-journal-entry-draft-group': {
      const group = query.get('journalEntryDraftGroup') ?? '';
      company.deleteDraft(Number(group.split('-').at(-1)));
      return { status: 204 };
    }
    default:
      return undefined;
  }
}

function filesOf(company: UnimicroCompany, entryId: number): object[] {
  return company.files
    .filter((file) => file.entryId === entryId)
    .map(({ name, content }, index) => ({ ID: index + 1, Name: name, Size: content.length, StorageReference: name }));
}

function upload({ headers, body }: ServerRequest, company: UnimicroCompany): ServerReply {
  company.ask('files');
  const parts = formParts(headers['content-type'], body) ?? [];
  const [file, entityType, entityId] = ['File', 'EntityType', 'EntityID'].map((name) =>
    parts.find((part) => part.name === name),
  );
  const textOf = (part: typeof file): string => (part === undefined ? '' : new TextDecoder().decode(part.bytes));
  if (textOf(entityType) !== 'JournalEntry') return refuse('EntityType er ikke kjent.');
  const entry = company.entry(Number(textOf(entityId)));
  const name = file?.filename ?? '';
  if (file === undefined || !/\.(?:pdf|jpe?g|png)$/i.test(name)) return refuse('Filtypen støttes ikke.');
  company.files.push({ entryId: entry.id, name, content: new Uint8Array(file.bytes) });
  return jsonReply(200, { ID: company.files.length, Name: name });
}

function told(status: number, message: string, headers: Readonly<Record<string, string>> = {}): ServerReply {
  return jsonReply(status, { Message: message }, headers);
}
