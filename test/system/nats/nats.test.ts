/** natsAdapter against a real nats-server on loopback. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import './cases/keys.ts';
import './cases/options.ts';
import './cases/watching.ts';
import './cases/resuming.ts';
import './cases/restarts.ts';
import './cases/actions.ts';
import './cases/connection.ts';
import './cases/permissions.ts';
import './cases/conformance.ts';
import './cases/browser.ts';
import './cases/docs.ts';
import { howToInstall, program } from '../../support/nats/nats-server.ts';

if (!program) it('nats-server is installed', () => assert.fail(howToInstall));
