import { BilagError, plainTextPdf, type BeforeWrite } from '@bilag/core';
import type { ServerRequest } from '@bilag/fault-server';
import { mustEqual, mustHold } from '../../../law.ts';
import type { ServiceLaw } from '../../../services/service-law.ts';
import type { ServiceWorld } from '../../../services/service-world.ts';
import { failureOf } from '../expectations.ts';

/** A process that was stopped, or waited, may find that another has taken over: it may write nothing more. */
export const fenced: ServiceLaw = {
  id: 'fenced',
  sentence:
    'Right before each write, inside its turn and after everything that is read for it, is asked whether it may still be made; refused, it is not.',
  async prove(open) {
    await mustAsk(await open());
    await mustHeed(await open());
  },
};

/** One write, and what the law looks at. */
interface Attempt {
  readonly name: string;
  readonly work: (beforeWrite: BeforeWrite) => Promise<unknown> | undefined;
}

async function attemptsIn(world: ServiceWorld): Promise<readonly Attempt[]> {
  const service = world.connect();
  const [first, second] = [world.vouchers.payout(), world.vouchers.sales()];
  const { id } = await service.post(first, first.key);
  const content = plainTextPdf('bilag', { title: 'bilag' });
  const file = { name: 'bilag.pdf', mediaType: 'application/pdf', content };
  return [
    { name: 'post()', work: (beforeWrite) => service.post(second, second.key, beforeWrite) },
    { name: 'attach()', work: (beforeWrite) => service.attach?.(id, file, beforeWrite) },
    { name: 'reverse()', work: (beforeWrite) => service.reverse?.(id, first.date, `${first.key}.U1`, beforeWrite) },
  ];
}

async function mustAsk(world: ServiceWorld): Promise<void> {
  for (const { name, work } of await attemptsIn(world)) {
    const before = world.requests.length;
    const sentAt: number[] = [];
    const watching = world.target.server.faults.arm({
      kind: 'answer',
      times: Infinity,
      match: isWrite,
      answer: (request, handle) => {
        sentAt.push(world.time.ms);
        return handle(request);
      },
    });
    const asked: { readonly arrived: number; readonly at: number; readonly longestMs: number; isInTurn: boolean }[] =
      [];
    await work(async (longestMs) => {
      asked.push({ arrived: world.requests.length, at: world.time.ms, longestMs, isInTurn: world.turns.isTaken });
    });
    await watching.disarm();
    const writes = world.requests.flatMap((request, at) => (at >= before && isWrite(request) ? [at] : []));
    mustEqual(
      asked.map(({ arrived }) => arrived),
      writes,
      `${name}: how many requests had arrived when it asked, and where its writes are among the requests`,
    );
    for (const [index, { at, longestMs, isInTurn }] of asked.entries()) {
      mustHold(isInTurn, `${name}: it asked outside of a turn, and then waited for one`);
      mustEqual(sentAt[index], at, `${name}: the time of the write, after it had asked`);
      mustHold(longestMs > 0 && longestMs < Infinity, `${name}: it asked for ${longestMs} ms, and says no bound`);
    }
  }
}

async function mustHeed(world: ServiceWorld): Promise<void> {
  for (const { name, work } of await attemptsIn(world)) {
    const before = world.requests.length;
    const lost = new BilagError('busy', { what: 'another has taken over', where: 'the kit', action: 'stop' });
    let asked = 0;
    const refuse: BeforeWrite = async () => {
      asked += 1;
      throw lost;
    };
    await failureOf(Promise.resolve(work(refuse)), `${name} that was refused`);
    const written = world.requests.slice(before).filter(isWrite);
    mustEqual(written.length, 0, `${name}: requests that wrote although it was refused`);
    mustHold(asked <= 1, `${name}: refused once it asked again`);
  }
}

function isWrite({ method }: Pick<ServerRequest, 'method'>): boolean {
  return method !== 'GET' && method !== 'HEAD';
}
