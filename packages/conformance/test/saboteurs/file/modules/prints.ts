process.stdout.write('sample adapter loaded\n');
