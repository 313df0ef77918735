// npm run contract: the contract as JSON Schema and OpenAPI, from the schemas of src/conformance/schemas.ts. `--check` only compares.
import { toJsonSchema, toJsonSchemaDefs, type ConversionConfig, type JsonSchema } from '@valibot/to-json-schema';
import * as wire from '../src/conformance/schemas.ts';
import { writeGenerated } from './generated.mjs';
import { openApi, type Json } from './openapi.ts';

const feed = {
  Open: wire.OpenSchema,
  Page: wire.PageSchema,
  Synced: wire.SyncedSchema,
  Upsert: wire.UpsertSchema,
  Remove: wire.RemoveSchema,
  Heartbeat: wire.HeartbeatSchema,
  CampaignRecord: wire.RecordSchema,
  Removal: wire.RemovalSchema,
};
const messages = {
  Change: wire.ChangeSchema,
  ...feed,
  Reading: wire.ReadingSchema,
  ActResult: wire.ActResultSchema,
  ActBody: wire.ActBodySchema,
  ActManyBody: wire.ActManyBodySchema,
  ActManyAnswer: wire.ActManyAnswerSchema,
  HistoryPage: wire.HistoryPageSchema,
  HistoryEntry: wire.HistoryEntrySchema,
  Diagnosis: wire.DiagnosisSchema,
  Dependency: wire.DependencySchema,
  LogEntries: wire.LogEntriesSchema,
  LogEntry: wire.LogEntrySchema,
  Problem: wire.ProblemSchema,
};

const conversion = {
  target: 'draft-2020-12',
  // That a date is one of the calendar is beyond JSON Schema.
  ignoreActions: ['check'],
  overrideSchema: ({ valibotSchema, jsonSchema }) => (valibotSchema.type === 'nullish' ? nullable(jsonSchema) : null),
} satisfies ConversionConfig;

/** An optional field that may be `null`: its description stands beside the alternatives, where readers and tools look for it. */
function nullable({ anyOf = [] }: JsonSchema): JsonSchema {
  const [present, ...nothing] = anyOf as JsonSchema[];
  const { description, anyOf: kinds, ...one } = present!;
  return { ...(description === undefined ? {} : { description }), anyOf: [...(kinds ?? [one]), ...nothing] };
}

function changeSchema(): Json {
  const { $schema, ...change } = toJsonSchema(wire.ChangeSchema, { ...conversion, definitions: feed });
  return { $schema, $id: 'urn:campaign-status-kit:contract:1:change', ...change };
}

function openApiDocument(): Json {
  const schemas: Json = toJsonSchemaDefs(messages, {
    ...conversion,
    overrideRef: ({ referenceId }) => `#/components/schemas/${referenceId}`,
  });
  // Code generators tell the kinds of a message by it.
  const mapping = Object.fromEntries(
    Object.entries(feed).flatMap(([name, { entries }]) =>
      'type' in entries ? [[entries.type.literal, `#/components/schemas/${name}`]] : [],
    ),
  );
  const discriminator = { propertyName: 'type', mapping };
  return openApi({ ...schemas, Change: { ...(schemas['Change'] as Json), discriminator } });
}

await writeGenerated(
  {
    'contract/change.schema.json': JSON.stringify(changeSchema()),
    'contract/openapi.json': JSON.stringify(openApiDocument()),
  },
  'npm run contract',
);
