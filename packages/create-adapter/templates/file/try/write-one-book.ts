import { openFileWorld } from '@bilag/conformance';
import { subject } from '../test/conformance.ts';

// Writes a book of two vouchers and shows the file.
const world = openFileWorld(subject);
const files = await world.render(world.book({ vouchers: [world.vouchers.sales(), world.vouchers.payout()] }));
for (const { name, content } of files) console.log(`${name}\n${new TextDecoder().decode(content)}`);
