#!/usr/bin/env node
import process from 'node:process';

const HELP = `Usage: campaign-status-kit <command>

  verify <url|module>   checks that an adapter, or a backend with the HTTP contract, conforms
  backend               runs a simulated backend on a port
  init [folder]         writes an adapter and a subject for verify

Each command has a --help.
`;

// Without top-level await, for which the bundler would split each module of the package into two files.
const [command, ...args] = process.argv.slice(2);
if (command === '--help' || command === '-h') process.stdout.write(HELP);
else if (command === 'backend') void import('../mocks/server/command.ts').then(({ runBackend }) => runBackend(args));
else if (command === 'init') void import('./init.ts').then(({ runInit }) => runInit(args));
// This module runs when it is imported. It reads the command line itself, and reports an unknown command.
else void import('../src/conformance/command.ts');
