import type { BackDoor, FakeTarget, HeldVoucher, ServiceSubject, Subject } from '@bilag/conformance';
import { amount } from '@bilag/core';
import {
  startUnimicroSimulator,
  type HeldUnimicroDraftLine,
  type HeldUnimicroEntry,
  type UnimicroCompanyBackDoor,
  type UnimicroSimulator,
} from '@bilag/simulator-unimicro';
import { unimicro, type UnimicroConfig } from '@bilag/unimicro';

/** The adapter on the simulated Unimicro, leaving drafts and booking at once. */
export const subjects: readonly Subject<UnimicroConfig>[] = [subjectOf('draft'), subjectOf('posted')];

function subjectOf(mode: UnimicroConfig['mode']): ServiceSubject<UnimicroConfig> {
  return {
    adapter: unimicro,
    variant: `mode: ${mode}`,
    module: new URL('../src/index.ts', import.meta.url),
    chart: { dimension: { type: 'department', value: '10' } },
    async open(time) {
      const simulator = await startUnimicroSimulator({ now: () => new Date(time.now()) });
      return {
        config: {
          host: simulator.url,
          credentials: 'env:UNIMICRO',
          company: 'kafe-eksempel',
          mode,
          clearingAccounts: ['1579'],
          timeoutMs: 1_000,
        },
        credentials: { 'env:UNIMICRO': { ...simulator.credentials } },
        server: simulator,
        backDoor: backDoorOf(simulator),
        isPost: ({ method, path, query }) =>
          method === 'POST' &&
          path === '/api/biz/journalentries' &&
          ['save-journal-entries-as-draft', 'book-journal-entries'].includes(query.get('action') ?? ''),
        pageSize: 250,
        replies: {
          busy: told(429, 'Too many requests.', { 'retry-after': '7' }),
          unauthorised: told(401, 'Authorization has been denied for this request.'),
          forbidden: told(403, 'Brukeren har ikke tilgang til selskapet.'),
          refused: (words) => told(400, words),
        },
        close: () => simulator.close(),
      };
    },
  };
}

function told(
  status: number,
  message: string,
  headers: Record<string, string> = {},
): ReturnType<FakeTarget['replies']['refused']> {
  const body = JSON.stringify({ Message: message });
  return { status, headers: { 'content-type': 'application/json', ...headers }, body };
}

function backDoorOf(simulator: UnimicroSimulator): BackDoor {
  const company = simulator.backDoor.company();
  return {
    held: () => company.entries().map((entry) => toHeld(entry, company)),
    lockThrough: (date) => company.lockThrough(date),
    showAfter: (ms) => simulator.listAfter(ms),
    edit: (id) => {
      const held = company.entries().find((entry) => entry.id === Number(id));
      if (held === undefined) return;
      company.change(held.id, { draftLines: moved(held.draftLines), lines: moved(held.lines) });
    },
    alterNext: () => company.alterNext(moved),
  };
}

function toHeld(entry: HeldUnimicroEntry, company: UnimicroCompanyBackDoor): HeldVoucher {
  const { id, reference, description, lines, draftLines } = entry;
  const isCredited = lines.some(({ creditedBy }) => creditedBy !== undefined);
  const reverses = company
    .entries()
    .find((one) => one.lines.some((line) => lines.some(({ credits }) => credits === line.id)));
  return {
    id: String(id),
    reference,
    state: isCredited ? 'reversed' : 'live',
    ...(reverses === undefined ? {} : { reverses: String(reverses.id) }),
    document: 'journal',
    date: (lines[0] ?? draftLines[0])?.date ?? ('' as HeldVoucher['date']),
    currency: 'NOK',
    description,
    postings: company
      .postings(entry)
      .map(({ account, amount: value, vatCode, vatOf, department, description: text }) => ({
        account,
        amount: value,
        text,
        ...(vatCode === undefined || vatOf !== undefined ? {} : { vatCode }),
        ...(department === undefined ? {} : { dimensions: { department } }),
      })),
    files: company.filesOf(id).map(({ name, content }) => ({ name, content })),
  };
}

/** One krone more on the first line without VAT, and one less on the next. */
function moved<Line extends HeldUnimicroDraftLine>(lines: readonly Line[]): Line[] {
  const plain = lines.flatMap(({ vatCode }, index) => (vatCode === undefined ? [index] : []));
  const [first = 0, second = lines.length - 1] = plain;
  return lines.map((line, index) => {
    const change = index === first ? 100 : index === second ? -100 : 0;
    return { ...line, amount: amount(line.amount + change) };
  });
}
