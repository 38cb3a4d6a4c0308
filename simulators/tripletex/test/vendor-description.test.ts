import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadOpenApi, type Exchange } from '../../../test/openapi.ts';
import { describeWithShared, sharedPath } from '../../../test/support.ts';
import { knownNames } from '../src/request-fields.ts';
import { models } from '../src/server/tripletex-models.ts';
import { even, start } from './caller.ts';

const file = 'spec/tripletex/tripletex-trimmed.openapi.json';

describeWithShared('as the vendor describes it', () => {
  test('the simulator knows the fields of what is sent, all of them and no others', () => {
    for (const [kind, names] of Object.entries(knownNames)) {
      const schema = kind === 'sessionToken' ? 'PostSessionTokenBody' : kind[0]?.toUpperCase() + kind.slice(1);
      expect([kind, names.split(' ').toSorted()]).toEqual([kind, namesOf(schema).toSorted()]);
    }
  });

  test('what it tells of has the names that are described', () => {
    // The excerpt gives projects no more than an id and a name.
    for (const { name, values, objects = {} } of Object.values(models).filter((model) => model !== models.project)) {
      const told = [...values, ...Object.keys(objects)];
      expect([name, told.filter((field) => !namesOf(name.replace(/DTO$/, '')).includes(field))]).toEqual([name, []]);
    }
  });

  test('what it answers, from registers to a deletion', async () => {
    const api = loadOpenApi(file, { basePath: '/v2' });
    const exchanges: Exchange[] = [];
    await using started = await start();
    const { caller } = started;
    caller.simulator.faults.arm({
      kind: 'answer',
      times: Number.POSITIVE_INFINITY,
      answer: async (request, handle) => {
        const reply = await handle(request);
        exchanges.push({ request, reply });
        return reply;
      },
    });
    await caller.ask('POST', '/ledger/account', { number: 2960, name: 'Påløpte gebyrer' });
    await caller.ask('POST', '/supplier', { name: 'En til AS' });
    for (const register of ['ledger/account', 'ledger/vatType', 'ledger/voucherType', 'ledger/accountingPeriod']) {
      const { body } = await caller.ask('GET', `/${register}?count=1&fields=*`);
      await caller.ask('GET', `/${register}/${body.values?.[0]?.id ?? 0}`);
    }
    for (const register of ['department', 'customer', 'supplier', 'currency', 'ledger/postingRules']) {
      await caller.ask('GET', `/${register}`);
    }
    const { body } = await caller.ask('POST', '/ledger/voucher', await caller.voucher(even));
    const path = `/ledger/voucher/${body.value?.id ?? 0}`;
    await caller.ask('GET', `${path}/options`);
    await caller.ask('DELETE', path);
    await caller.ask('DELETE', path);
    expect(exchanges.map(({ reply }) => reply.status).slice(-2)).toEqual([204, 404]);
    expect(api.problems(exchanges)).toEqual([]);
  });
});

/** The fields of an object, by the name of its schema. */
function namesOf(schema: string): string[] {
  const { components } = JSON.parse(readFileSync(sharedPath(file), 'utf8')) as {
    components: { schemas: Record<string, { properties?: object }> };
  };
  return Object.keys(components.schemas[schema]?.properties ?? {});
}
