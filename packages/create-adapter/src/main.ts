#!/usr/bin/env node
const oldest = [22, 19] as const;
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

// What it writes runs TypeScript as it is, which older ones cannot: said before anything is loaded or written.
if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
  process.stderr.write(`this is Node ${process.versions.node}, and ${oldest.join('.')} or later is needed\n`);
  process.exitCode = 2;
} else {
  const { main } = await import('./run.ts');
  await main(process.argv);
}
