/** Refreshes a token many times, as a refresh token is: each may be used once, and the next is stored back. */
import { encryptedCredentials } from '../../src/index.ts';

const [, , path = '', times = '', own = ''] = process.argv;
const store = encryptedCredentials({ path, passphrase: 'several words', workFactor: 4 });
for (let count = 0; count < Number(times); count += 1) {
  await store.exclusively('file:shared', async () => {
    const { refreshToken = '0' } = await store.get('file:shared');
    await store.put('file:shared', { refreshToken: String(Number(refreshToken) + 1) });
  });
  await store.put(`file:${own}`, { count: String(count + 1) });
}
