/** Reads the published files as an outsider does, without the code that they are generated from. */
import { readFileSync } from 'node:fs';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: { readonly type: 'string' | 'integer' | 'array' };
}
interface Reference {
  readonly $ref: string;
}
interface Answer {
  readonly 'x-means': string;
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}
/** One path with one method. */
export interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly (Parameter | Reference)[];
  readonly requestBody?: { readonly required: boolean; readonly content: Readonly<Record<string, unknown>> };
  readonly responses: Readonly<Record<string, Answer>>;
}
interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, PathItem>>;
  readonly components: {
    readonly parameters: Readonly<Record<string, Parameter>>;
    readonly schemas: Readonly<Record<string, { readonly examples?: readonly unknown[] }>>;
  };
}
interface PathItem {
  readonly parameters: readonly (Parameter | Reference)[];
  readonly get?: Operation;
  readonly post?: Operation;
}

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../contract/${name}`, import.meta.url), 'utf8'));

export const document = read('openapi.json') as Document;
export const changeSchema = read('change.schema.json') as { readonly $id: string; readonly $defs: object };

const ajv = new Ajv2020({ strict: true });
ajv.addVocabulary([...Object.keys(document), 'discriminator']);
ajv.addSchema(document, 'openapi.json');
ajv.addSchema(changeSchema);

/** The error of a value against a schema of the files, by file and JSON pointer; `undefined` if there is none. */
export function problemBy(schema: string, value: unknown): string | undefined {
  const validate = ajv.getSchema(schema);
  if (!validate) throw new Error(`there is no ${schema}`);
  return validate(value) ? undefined : errorsText(validate.errors);
}

const errorsText = (errors: readonly ErrorObject[] | null | undefined): string => ajv.errorsText([...(errors ?? [])]);
const pointer = (...segments: readonly string[]): string =>
  `openapi.json#/${segments.map((segment) => encodeURIComponent(segment.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`;

/** An operation, and its place in the document. */
export interface Found {
  readonly operation: Operation;
  readonly path: string;
  readonly method: 'get' | 'post';
  /** The values of the path parameters. */
  readonly pathParameters: ReadonlyMap<string, string>;
}

/** Every operation of the document. */
export const operations: readonly Omit<Found, 'pathParameters'>[] = Object.entries(document.paths).flatMap(
  ([path, item]) =>
    (['get', 'post'] as const).flatMap((method) => {
      const operation = item[method];
      return operation ? [{ operation, path, method }] : [];
    }),
);

/** The operation of a request. @param pathname as it goes over the wire, below `src` */
export function find(method: string, pathname: string): Found {
  for (const found of operations) {
    const names = [...found.path.matchAll(/{(\w+)}/g)].map(([, name]) => name!);
    const match = new RegExp(`^${found.path.replaceAll(/{\w+}/g, '([^/]+)')}$`).exec(pathname);
    if (match && found.method === method.toLowerCase())
      return {
        ...found,
        pathParameters: new Map(names.map((name, index) => [name, decodeURIComponent(match[index + 1]!)])),
      };
  }
  throw new Error(`${method} ${pathname} is in no path of the document`);
}

/** The violations of the document by a request; empty: none. Header names are in lower case. */
export function requestProblems(
  request: { method: string; url: URL; headers: ReadonlyMap<string, string>; body?: string },
  src: string,
): string[] {
  const found = find(request.method, request.url.pathname.slice(new URL(src).pathname.replace(/\/$/, '').length));
  const { operation, path, method, pathParameters } = found;
  const problems: string[] = [];
  // OpenAPI describes these by the content of bodies and by security schemes.
  const known = new Set(['accept', 'content-type', 'authorization']);
  const queries = new Set<string>();
  for (const [where, parameters] of [
    [['paths', path, 'parameters'], document.paths[path]!.parameters],
    [['paths', path, method, 'parameters'], operation.parameters ?? []],
  ] as const)
    parameters.forEach((entry, index) => {
      const shared = '$ref' in entry ? entry.$ref.slice('#/components/parameters/'.length) : undefined;
      const parameter = shared === undefined ? (entry as Parameter) : document.components.parameters[shared]!;
      const at = shared === undefined ? [...where, String(index)] : ['components', 'parameters', shared];
      const name = parameter.name.toLowerCase();
      if (parameter.in === 'header') known.add(name);
      if (parameter.in === 'query') queries.add(parameter.name);
      const all = request.url.searchParams.getAll(parameter.name);
      const value =
        parameter.in === 'path'
          ? pathParameters.get(parameter.name)
          : parameter.in === 'header'
            ? request.headers.get(name)
            : ofType(parameter.schema.type, all);
      const problem =
        value === undefined ? parameter.required && 'it is missing' : problemBy(pointer(...at, 'schema'), value);
      if (problem) problems.push(`${parameter.in} ${parameter.name}: ${problem}`);
    });
  for (const name of request.headers.keys())
    if (!known.has(name)) problems.push(`header ${name} is not in the document`);
  for (const name of request.url.searchParams.keys())
    if (!queries.has(name)) problems.push(`query ${name} is not in the document`);
  if ((request.body === undefined) !== (operation.requestBody === undefined)) problems.push('one of them has a body');
  else if (request.body !== undefined) {
    const type = request.headers.get('content-type') ?? '';
    const at = pointer('paths', path, method, 'requestBody', 'content', type, 'schema');
    const problem = operation.requestBody!.content[type]
      ? problemBy(at, JSON.parse(request.body))
      : 'another content type';
    if (problem) problems.push(`body: ${problem}`);
  }
  return problems;
}

/** The values of one query parameter, as a schema of this type takes them. */
function ofType(type: Parameter['schema']['type'], values: readonly string[]): unknown {
  if (!values.length) return undefined;
  return type === 'array' || values.length > 1 ? values : type === 'integer' ? Number(values[0]) : values[0];
}

/** The violations of the document by an answer; empty: none. @param body the text; empty for a stream */
export function answerProblems(
  { operation, path, method }: Omit<Found, 'pathParameters'>,
  response: Response,
  body: string,
): string[] {
  const status = promised(operation, response.status);
  const { content } = operation.responses[status] ?? {};
  const type = response.headers.get('content-type');
  if (!operation.responses[status]) return [`${response.status} is not in the document`];
  if (!content) return type === null && body === '' ? [] : [`${response.status} has a body`];
  const [expected] = Object.keys(content);
  if (type !== expected) return [`${response.status} comes as ${type}, and the document says ${expected}`];
  if (expected === 'text/event-stream') return [];
  const problem = problemBy(
    pointer('paths', path, method, 'responses', status, 'content', expected, 'schema'),
    JSON.parse(body),
  );
  return problem ? [`${response.status}: ${problem}`] : [];
}

/** The response of an operation that covers a status: its own, or the default. */
export function promised({ responses }: Operation, status: number): string {
  return Object.hasOwn(responses, status) ? String(status) : 'default';
}
