import { plainDate } from '@bilag/core';
import { simulatedEnvironment, simulatedTenant } from '@bilag/simulator-business-central';
import { expect, test } from 'vitest';
import { loadOpenApi, type Exchange } from '../../../test/openapi.ts';
import { describeWithShared } from '../../../test/support.ts';
import { openStage, reference, voucher, type Stage } from './connections.ts';

const base = `/v2.0/${simulatedTenant}/${simulatedEnvironment}/api/v2.0`;

/** Lets everything through and keeps it, what is in a batch one by one. */
function watch({ simulator }: Stage): Exchange[] {
  const exchanges: Exchange[] = [];
  simulator.faults.arm({
    kind: 'answer',
    times: Infinity,
    answer: async (request, handle) => {
      const reply = await handle(request);
      if (request.path.endsWith('/$batch')) exchanges.push(...innerOf({ request, reply }));
      else if (request.path.startsWith(base)) exchanges.push({ request, reply });
      return reply;
    },
  });
  return exchanges;
}

interface Inner {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

function innerOf({ request, reply }: Exchange): Exchange[] {
  const { requests } = JSON.parse(Buffer.from(request.body).toString('utf8')) as { requests: readonly Inner[] };
  const { responses } = JSON.parse(String(reply.body)) as {
    responses: readonly { readonly status: number; readonly headers: Record<string, string>; readonly body: unknown }[];
  };
  return responses.map(({ status, headers, body }, index) => {
    const { method = '', url = '', headers: sent = {}, body: content } = requests[index] ?? ({} as Inner);
    return {
      request: {
        method,
        path: `${base}/${url}`,
        query: new URLSearchParams(),
        headers: sent,
        body: new TextEncoder().encode(JSON.stringify(content) ?? ''),
      },
      reply: { status, headers, body: JSON.stringify(body) },
    };
  });
}

/** The description has a list as it is; OData puts it into an object, and notes of its own beside every field. */
function withoutOData({ request, reply }: Exchange): Exchange {
  const body = String(reply.body ?? '');
  if (body === '') return { request, reply };
  const parsed = JSON.parse(body, (name, value: unknown) => (name.startsWith('@odata') ? undefined : value)) as object;
  return { request, reply: { ...reply, body: JSON.stringify('value' in parsed ? parsed.value : parsed) } };
}

/**
 * The only description that is published is of the version before (beta, v1.0). What came after it is in the pages of v2.0: these
 * resources and fields, and that id of an entry is a GUID beside its number.
 */
const newer = [
  /(?:companies|generalLedgerSetup|accountingPeriods|attachments|attachmentContent) is not in/,
  /journals\([\w-]+\)\/Microsoft\.NAV\.post is not in/,
  /companies\([\w-]+\)\/attachments(?:\([\w-]+\))?(?:\/attachmentContent)? is not in/,
  /additional properties \("(?:journalId|accountType|taxCode|balanceAccountType|balancingAccountNumber|dimensionSetLines)"\)/,
  /additional properties \("(?:templateDisplayName|directPosting|netChange|dimensionValues|entryNumber|addressLine\d|country)"\)/,
  /the parameter \$orderby is not known/,
  /\$expand \/0 must be equal to one of the allowed values/,
  /generalLedgerEntries → 200: .*\/id must be integer/,
];

describeWithShared('what is sent and answered is as Business Central describes it', () => {
  const api = loadOpenApi('spec/business-central/bc-v1-beta.trimmed.openapi.json', { basePath: base });

  test.each(['draft', 'posted'])('through a whole life of a voucher, mode: %s', async (mode) => {
    await using stage = await openStage();
    const exchanges = watch(stage);
    const service = stage.connect({ mode, dimensions: ['DEPARTMENT'] });
    await service.identify();
    await service.chart();
    await service.inspect?.();
    const { id } = await service.post(voucher(), reference);
    const content = new TextEncoder().encode('a;b\n');
    await service.attach?.(id, { name: 'a.csv', mediaType: 'text/csv', content });
    await service.find(reference);
    await Array.fromAsync(service.list?.(plainDate('2026-03-01'), plainDate('2026-03-31')) ?? []);
    expect(exchanges.length).toBeGreaterThan(14);
    const problems = api.problems(exchanges.map(withoutOData));
    expect(problems.filter((problem) => !newer.some((one) => one.test(problem)))).toEqual([]);
  });
});
