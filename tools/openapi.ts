/** The kit's HTTP contract as an OpenAPI 3.1 document: its paths here, its schemas from the contract's own. */

/** A JSON Schema, or any other part of the document. */
export interface Json {
  readonly [key: string]: unknown;
}

const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });
const json = (name: string): Json => ({ 'application/json': { schema: ref(name) } });
/** The schema of a stream is its text; `contentSchema` is that of the data of each event. */
const events = (name: string, description: string): Json => ({
  'text/event-stream': {
    schema: { type: 'string', contentMediaType: 'text/event-stream', contentSchema: ref(name), description },
  },
});

const EVENTS =
  'Server-sent events. The data of each is one JSON value, as `contentSchema` has it; lines that begin with `:` keep a proxy from closing a quiet stream. Send each as it comes: no compression or proxy may hold it back.';

/** What the kit takes an answer for: of an action an outcome, of anything else a result or the code of an AdapterError. */
interface Answer {
  readonly description: string;
  readonly means: string;
  readonly content?: Json;
  readonly retryAfter?: boolean;
}

function answers(table: Readonly<Record<string, Answer>>): Json {
  return Object.fromEntries(
    Object.entries(table).map(([status, { description, means, content, retryAfter }]) => [
      status,
      {
        description,
        'x-means': means,
        ...(retryAfter ? { headers: { 'Retry-After': { $ref: '#/components/headers/Retry-After' } } } : {}),
        ...(content ? { content } : {}),
      },
    ]),
  );
}

const problem: Json = { 'application/problem+json': { schema: ref('Problem') } };
const throttled = (description: string): Answer => ({
  description: `${description} Retry-After is the least time to wait.`,
  means: 'throttled',
  content: problem,
  retryAfter: true,
});

/** What any request may be answered. */
const anywhere: Readonly<Record<string, Answer>> = {
  401: {
    description: 'Not signed in, or no longer: the sign-in is renewed once, then the request is sent again.',
    means: 'unauthenticated',
    content: problem,
  },
  403: { description: 'This user may not.', means: 'forbidden', content: problem },
  429: throttled('Too many requests.'),
  503: throttled('Not now.'),
};

/** What a read is answered besides. */
const reads: Readonly<Record<string, Answer>> = {
  ...anywhere,
  400: {
    description: 'The request makes no sense to the backend: it is wired wrongly.',
    means: 'misconfigured',
    content: problem,
  },
  default: {
    description:
      'Any other 5xx, 408 or 425: the read is tried again later, with growing backoff. Any other 4xx counts as `misconfigured`.',
    means: 'unavailable',
    content: problem,
  },
};

/** What an action is answered. */
const outcomes: Readonly<Record<string, Answer>> = {
  200: { description: 'It happened; this is the campaign after it.', means: 'done', content: json('Reading') },
  202: { description: 'Accepted: the feed will show the outcome.', means: 'accepted' },
  204: { description: 'Done, with no row to show: the feed will tell.', means: 'accepted' },
  400: {
    description: 'Without `Idempotency-Key`, or with a body that is none: nothing was done.',
    means: 'refused: invalid',
    content: problem,
  },
  ...anywhere,
  403: {
    description: 'This user may not take this action; `detail` says why. Nothing was done.',
    means: 'refused: forbidden',
    content: problem,
  },
  404: { description: 'There is no such campaign. Nothing was done.', means: 'refused: gone', content: problem },
  410: { description: 'The campaign is there no more. Nothing was done.', means: 'refused: gone', content: problem },
  409: {
    description: 'A request with this key is still under way: ask again with the same key.',
    means: 'unavailable',
    content: problem,
    retryAfter: true,
  },
  412: {
    description:
      'The action is not legal from the real status. The campaign as it really is may stand beside the reason.',
    means: 'conflict',
    content: problem,
  },
  422: {
    description:
      'It is not possible: a prerequisite is missing, the action is unknown, or the key was used for another request. Nothing was done.',
    means: 'refused: invalid',
    content: problem,
  },
  default: {
    description:
      'Anything else: nobody knows whether it happened. It is sent again with the same key, until the outcome is known or the feed has told.',
    means: 'unavailable',
    content: problem,
  },
};

/** What an action on several campaigns is answered. But for 200, an answer counts for each of them. */
const manyOutcomes: Readonly<Record<string, Answer>> = {
  200: {
    description: 'What became of each request, in their order.',
    means: 'results',
    content: json('ActManyAnswer'),
  },
  400: {
    description: 'The body is not one of these. Nothing was done.',
    means: 'refused: invalid',
    content: problem,
  },
  ...anywhere,
  403: { description: 'This user may not. Nothing was done.', means: 'refused: forbidden', content: problem },
  422: { description: 'It is not possible. Nothing was done.', means: 'refused: invalid', content: problem },
  ...Object.fromEntries(
    Object.entries({
      404: 'There is no such path',
      405: 'This path takes no POST',
      501: 'Several at once are not supported',
    }).map(([status, why]) => [
      status,
      { description: `${why}: each action is sent by itself, now and later.`, means: 'one by one', content: problem },
    ]),
  ),
  default: {
    description: 'Anything else: nobody knows what happened. The requests are sent again with the same keys.',
    means: 'unavailable',
    content: problem,
  },
};

const parameter = (name: string): Json => ({ $ref: `#/components/parameters/${name}` });

/** @param schemas the contract's schemas by name, as JSON Schema 2020-12 with references below `#/components/schemas/` */
export function openApi(schemas: Json): Json {
  return {
    openapi: '3.1.1',
    info: {
      title: 'Campaign status: list, then watch',
      version: '1',
      summary: 'What campaign-status-kit asks of a backend over HTTP.',
      description:
        'One feed per system sends all campaigns and then every change; actions are sent as requests. `x-means` says how the kit interprets a response.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'Whatever `src` says.' }],
    security: [{ token: [] }, { session: [] }],
    tags: [
      { name: 'feed', description: 'All campaigns of a system, and every change.' },
      { name: 'campaign', description: 'One campaign.' },
    ],
    paths: {
      '/{system}/watch': {
        parameters: [parameter('system')],
        get: {
          operationId: 'watch',
          tags: ['feed'],
          summary: 'List, then watch',
          description:
            'First `open`; in a snapshot pages with all campaigns; `synced`; from then on every change, until the reader leaves.',
          parameters: [
            {
              name: 'id',
              in: 'query',
              description:
                'Only these campaigns, once for each. Their `synced` says `partial: true`, and no `count`. A backend may ignore it and send all.',
              schema: { type: 'array', items: { type: 'string', minLength: 1 } },
              style: 'form',
              explode: true,
            },
            {
              name: 'Last-Event-ID',
              in: 'header',
              description:
                'Where to resume: the id of the last event, `epoch:cursor`, each percent-encoded. A backend that can not resume from there answers 410.',
              schema: { type: 'string', pattern: '^[!-9;-~]*:[!-9;-~]+$' },
              example: 'e-2030-01:1043',
            },
          ],
          responses: answers({
            200: {
              description: 'The feed.',
              means: 'feed',
              content: events(
                'Change',
                `${EVENTS} From \`synced\` on, an event with a cursor has the id \`epoch:cursor\`, each percent-encoded; none before: nobody can go on from within a snapshot.`,
              ),
            },
            ...reads,
            404: { description: 'There is no such system.', means: 'misconfigured', content: problem },
            410: {
              description:
                'The position is of another epoch, or its changes are no longer kept: the kit takes a new snapshot.',
              means: 'expired',
              content: problem,
            },
          }),
        },
      },
      '/{system}/campaigns/{id}': {
        parameters: [parameter('system'), parameter('id')],
        get: {
          operationId: 'get',
          tags: ['campaign'],
          summary: 'One campaign now',
          description: 'For “Check again”.',
          responses: answers({
            200: { description: 'The campaign.', means: 'a campaign', content: json('Reading') },
            ...reads,
            404: { description: 'There is none.', means: 'no campaign', content: problem },
            410: { description: 'There is none any more.', means: 'no campaign', content: problem },
          }),
        },
      },
      '/{system}/campaigns/{id}/actions/{action}': {
        parameters: [parameter('system'), parameter('id')],
        post: {
          operationId: 'act',
          tags: ['campaign'],
          summary: 'Ask for an action',
          description:
            'One effect at most for each key, however often it is sent: keep key and answer for a day. Check who asks and what for each time; `denied` of a row is display only.',
          parameters: [
            parameter('action'),
            {
              name: 'Idempotency-Key',
              in: 'header',
              required: true,
              description:
                'One for each intent of a user, the same on every retry. Demand it: no form of another site can send it.',
              schema: { type: 'string', minLength: 1 },
            },
          ],
          requestBody: { required: true, content: json('ActBody') },
          responses: answers(outcomes),
        },
      },
      '/{system}/actions/{action}': {
        parameters: [parameter('system'), parameter('action')],
        post: {
          operationId: 'actMany',
          tags: ['campaign'],
          summary: 'Ask for one action on several campaigns',
          description:
            'Optional. Each item follows the rules of a request for one campaign and has one outcome of its own. Demand `Content-Type: application/json`: no form of another site can send it.',
          requestBody: { required: true, content: json('ActManyBody') },
          responses: answers(manyOutcomes),
        },
      },
      '/{system}/campaigns/{id}/history': {
        parameters: [parameter('system'), parameter('id')],
        get: {
          operationId: 'history',
          tags: ['campaign'],
          summary: 'What moved the campaign',
          description: 'Optional. The newest move first, page by page.',
          parameters: [
            {
              name: 'before',
              in: 'query',
              description:
                'Where the page begins: `before` of the page that came before it. Absent: at the newest move.',
              schema: { type: 'string', minLength: 1 },
            },
            {
              name: 'limit',
              in: 'query',
              required: true,
              description: 'The most entries of this page. A page may have fewer.',
              schema: { type: 'integer', minimum: 1 },
            },
          ],
          responses: answers({
            200: { description: 'A part of the history.', means: 'history', content: json('HistoryPage') },
            ...reads,
            404: { description: 'There is no such campaign, or no history.', means: 'misconfigured', content: problem },
          }),
        },
      },
      '/{system}/campaigns/{id}/diagnosis': {
        parameters: [parameter('system'), parameter('id')],
        get: {
          operationId: 'diagnose',
          tags: ['campaign'],
          summary: 'What the campaign depends on',
          description: 'Asked again every few seconds while someone looks at an error.',
          responses: answers({
            200: { description: 'Its dependencies.', means: 'dependencies', content: json('Diagnosis') },
            ...reads,
            404: { description: 'There is no such campaign.', means: 'misconfigured', content: problem },
          }),
        },
      },
      '/{system}/campaigns/{id}/log': {
        parameters: [parameter('system'), parameter('id')],
        get: {
          operationId: 'log',
          tags: ['campaign'],
          summary: 'The engine log',
          description: 'From its beginning, as far as it is kept; then what is added.',
          responses: answers({
            200: { description: 'The log.', means: 'log', content: events('LogEntries', EVENTS) },
            ...reads,
            404: { description: 'There is no such campaign, or no log.', means: 'misconfigured', content: problem },
          }),
        },
      },
    },
    components: {
      parameters: {
        system: {
          name: 'system',
          in: 'path',
          required: true,
          description: 'Which lifecycle: `flows`, `python`, or one of the host’s own.',
          schema: { type: 'string', minLength: 1 },
        },
        id: {
          name: 'id',
          in: 'path',
          required: true,
          description: 'Which campaign. Anything, percent-encoded: also `/`, `?` and `%`.',
          schema: { type: 'string', minLength: 1 },
        },
        action: {
          name: 'action',
          in: 'path',
          required: true,
          description: 'A word of the lifecycle, such as `start`, `stop` or `force-stop`.',
          schema: { type: 'string', minLength: 1 },
        },
      },
      headers: {
        'Retry-After': {
          description: 'The least time to wait: seconds, or a date by the clock of `Date`.',
          schema: { type: 'string', minLength: 1 },
        },
      },
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'Whatever `headers` of the adapter gives. Never in a URL.',
        },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'session',
          description: 'Whatever cookie the host uses: `SameSite=Lax` or stricter, `HttpOnly`, `Secure`.',
        },
      },
      schemas,
    },
  };
}
