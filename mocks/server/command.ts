import { statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startServer, type ServerOptions } from './start-server.ts';

const HELP = `Runs a simulated campaign backend on a port.

  campaign-status-kit backend [options]

  --port N         port to listen on; 0, the default: any free port
  --host NAME      address to listen on; default 127.0.0.1
  --data DIR       store the data in this folder, safe from a kill at any moment; network faults are
                   not stored
  --restore PATH   restore a data folder, or the journal of one, in a new epoch
  --seed S         another seed gives other sample data
  --sample-data S  default | empty
  --static DIR     serve the files of this folder at /
  --help           this text

The first line it prints is its address: the src of a campaign-provider.
  curl -N ADDRESS/flows/watch                                             the feed
  curl ADDRESS/_sim                                                       the state of the simulation, and the controls
  curl ADDRESS/_sim -d '{"do":"campaigns.fill","with":[100,"flows"]}'     a control
`;

/** Invalid command line arguments. */
class UsageError extends Error {}

function optionsOf(args: readonly string[]): ServerOptions | 'help' {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        data: { type: 'string' },
        restore: { type: 'string' },
        seed: { type: 'string' },
        'sample-data': { type: 'string' },
        static: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }));
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  const { port, host, data, restore, seed, help } = values;
  const sampleData = values['sample-data'];
  if (help) return 'help';
  if (port !== undefined && !(/^\d+$/.test(port) && Number(port) <= 65_535))
    throw new UsageError(`--port: got "${port}"; give a number from 0 to 65535.`);
  if (sampleData !== undefined && sampleData !== 'default' && sampleData !== 'empty')
    throw new UsageError(`--sample-data: got "${sampleData}"; give default or empty.`);
  if (values.static !== undefined && !statSync(values.static, { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(`--static: there is no folder "${values.static}"; build its files first.`);
  return {
    ...(port === undefined ? {} : { port: Number(port) }),
    ...(host === undefined ? {} : { host }),
    ...(data === undefined ? {} : { data }),
    ...(restore === undefined ? {} : { restore }),
    ...(values.static === undefined ? {} : { static: values.static }),
    backend: { ...(seed === undefined ? {} : { seed }), ...(sampleData === undefined ? {} : { sampleData }) },
  };
}

/** Runs the command `backend`, until a signal ends it. */
export async function runBackend(args: readonly string[]): Promise<void> {
  try {
    await serve(args);
  } catch (error) {
    if (error instanceof UsageError) console.error(`${error.message}\n\n${HELP}`);
    else if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE')
      console.error(`${(error as Error).message}; take another --port, or 0 for any free one.`);
    else console.error(error instanceof Error ? error.message : error);
    process.exit(error instanceof UsageError ? 2 : 1);
  }
}

async function serve(args: readonly string[]): Promise<void> {
  const options = optionsOf(args);
  if (options === 'help') {
    process.stdout.write(HELP);
    return;
  }
  const server = await startServer(options);
  // Before the address is printed: a reader of it may stop the server at once.
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      server.close().then(
        () => process.exit(0),
        (error: unknown) => {
          console.error(error);
          process.exit(1);
        },
      );
    });
  process.stdout.write(`${server.url}\n`);
}
