import { isSchema, type JsonSchema } from '../topics/json-schema';
import { pascalCase } from './described-topics';
import { schemaBehind, type PublishedEvents, type PublishedEventType } from './published-events';
import { comment, quoted, typeOf } from './schema-type';

/** TypeScript for subscribers: a type of each event, and the union of them all, told apart by `type`. */
export function eventTypes({ title, events, schemas }: PublishedEvents): string {
  const names = new Names();
  const nameOf = (reference: string) => {
    const schema = schemaBehind(reference, schemas);
    return schema === undefined ? undefined : names.of(schema);
  };
  const bodies = events.map((event) => [event, bodyName(event, schemas, names)] as const);
  const inline = bodies.filter(([{ body }]) => schemaBehind(body.$ref, schemas) === undefined);
  return [
    `// Made by \`npx nestjs-webhooks types\` from the document "${title.replace(/\s+/g, ' ')}": do not edit.`,
    '',
    ...[...reachable(events, schemas)].flatMap((name) => declaration(names.of(name), schemas[name]!, nameOf)),
    ...inline.flatMap(([{ body }, name]) => declaration(name, body, nameOf)),
    '/** Any event, told apart by its `type`. */',
    `export type WebhookEvent =${bodies.length === 0 ? ' never' : bodies.map(([, name]) => `\n  | ${name}`).join('')};`,
    '',
    '/** The events by their topics. */',
    'export interface WebhookEvents {',
    ...bodies.flatMap(([event, name]) => [...eventComment(event), `  ${quoted(event.topic)}: ${name};`]),
    '}',
    '',
    '/** The name of any topic. */',
    'export type WebhookTopic = keyof WebhookEvents;',
    '',
  ].join('\n');
}

function eventComment({ description, deprecated }: PublishedEventType): string[] {
  return comment({ description, deprecated }, '  ');
}

function declaration(name: string, schema: JsonSchema, nameOf: (reference: string) => string | undefined): string[] {
  const type = typeOf(schema, nameOf);
  // An interface may refer to itself, and shows its name in messages.
  const shape = /^\{[^]*\n\}$/.test(type) && isPlain(schema);
  const declared = shape ? `export interface ${name} ${type}` : `export type ${name} = ${type};`;
  return [...comment(schema), declared, ''];
}

function isPlain(schema: JsonSchema): boolean {
  return schema.type === 'object' && !['allOf', 'anyOf', 'oneOf', '$ref', 'enum', 'const'].some((key) => key in schema);
}

function bodyName({ topic, body }: PublishedEventType, schemas: PublishedEvents['schemas'], names: Names): string {
  return names.of(schemaBehind(body.$ref, schemas) ?? `${pascalCase(topic)}Event`);
}

/** The names of the schemas that events lead to, in the order of the document. */
function reachable(events: readonly PublishedEventType[], schemas: PublishedEvents['schemas']): Set<string> {
  const found = new Set<string>();
  const look = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(look);
    if (!isSchema(value)) return;
    const name = schemaBehind(value.$ref, schemas);
    if (name !== undefined && !found.has(name)) {
      found.add(name);
      look(schemas[name]);
    }
    Object.values(value).forEach(look);
  };
  events.forEach(({ body }) => look(body));
  return new Set(Object.keys(schemas).filter((name) => found.has(name)));
}

/** What schemas are called as types: one name each, and none that TypeScript or this file has already. */
class Names {
  private readonly bySchema = new Map<string, string>();
  private readonly taken = new Set(['WebhookEvent', 'WebhookEvents', 'WebhookTopic', 'Record']);

  of(schema: string): string {
    const known = this.bySchema.get(schema);
    if (known !== undefined) return known;
    const wanted = pascalCase(schema).replace(/^(?=\d|$)/, 'Schema');
    let name = wanted;
    for (let count = 2; this.taken.has(name); count++) name = `${wanted}${count}`;
    this.bySchema.set(schema, name);
    this.taken.add(name);
    return name;
  }
}
