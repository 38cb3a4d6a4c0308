import { mustEqual, mustHold } from '../../law.ts';
import type { ServiceLaw } from '../../services/service-law.ts';

/** What is said at set-up is there to be done. */
export const inspected: ServiceLaw = {
  id: 'inspected',
  sentence:
    'Looking at how the target is set up writes nothing, says of each thing where it is and what to do, and finds no error where there is none.',
  excuse: ({ can }) => (can.inspect ? undefined : 'no inspect()'),
  async prove(open) {
    const world = await open();
    const findings = (await world.connect().inspect?.()) ?? [];
    for (const finding of findings) {
      const { code, severity, message, where, action } = finding;
      mustHold(/^[a-z0-9-]+$/.test(code), `a finding has the code "${code}", and should have words in lower case`);
      mustHold(
        [message, where, action].every((words) => words !== ''),
        `${code} says not what, where or what to do`,
      );
      mustHold(severity !== 'error', `${code} is an error, where a voucher can be posted: ${message}`);
    }
    const written = world.requests.filter(({ method }) => method !== 'GET' && method !== 'HEAD');
    const inBooks = written.filter(({ path }) => !/token|session|auth/i.test(path));
    mustEqual(
      inBooks.map(({ method, path }) => `${method} ${path}`),
      [],
      'what was written while looking',
    );
    const voucher = world.vouchers.sales();
    await world.connect().post(voucher, voucher.key);
    return findings.length === 0 ? 'nothing to say' : findings.map(({ code }) => code).join(', ');
  },
};
