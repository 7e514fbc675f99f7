import { isSchema, type JsonSchema } from '../topics/json-schema';
import type { PublishedEvents, PublishedEventType } from './published-events';

const REFERENCE = /^#\/components\/schemas\/([^/]+)$/;

type Row = readonly [path: string, type: string, required: boolean, description: string];

/** A page for subscribers, in Markdown: how to verify, and every topic with what is in its body. */
export function subscriberDocs({ title, events, schemas, signature }: PublishedEvents): string {
  const groups = [...new Set(events.map(({ group }) => group))].sort((one, other) => order(one) - order(other));
  const sections = groups.flatMap((group) => [
    ...(groups.length === 1 && group === undefined ? [] : [`## ${line(group ?? 'Other topics')}`, '']),
    ...events.filter((event) => event.group === group).flatMap((event) => section(event, schemas)),
  ]);
  return [`# ${line(title)}`, '', ...contents(events), ...verification(signature), ...sections].join('\n');
}

/** What belongs to no group comes last. */
function order(group: string | undefined): number {
  return group === undefined ? 1 : 0;
}

function contents(events: readonly PublishedEventType[]): string[] {
  const rows = events.map(({ topic, description = '', deprecated }) => {
    return `| ${code(topic)}${deprecated ? ' (deprecated)' : ''} | ${cell(description)} |`;
  });
  return ['| topic | when it happens |', '| --- | --- |', ...rows, ''];
}

function verification(signature: string | undefined): string[] {
  if (signature === undefined) return [];
  return [
    '## Verify what comes',
    '',
    line(signature),
    '',
    'Answer any 2xx quickly; what else is answered, or nothing, is tried again later with the same id.',
    '',
  ];
}

function section(
  { topic, description, deprecated, version, body, example }: PublishedEventType,
  schemas: PublishedEvents['schemas'],
): string[] {
  const rows = rowsOf(body, schemas);
  return [
    `### ${code(topic)}`,
    '',
    ...(description === undefined ? [] : [line(description), '']),
    ...(deprecated ? ['**Deprecated**: do not subscribe to it any more.', ''] : []),
    ...(version === undefined || version === 1 ? [] : [`Version ${version}.`, '']),
    ...(rows.length === 0 ? [] : ['| member | type | required | |', '| --- | --- | --- | --- |', ...rows.map(row), '']),
    ...(example === undefined
      ? []
      : ['```json', JSON.stringify(example, null, 2).replaceAll('```', '` ` `'), '```', '']),
  ];
}

function row([path, type, required, description]: Row): string {
  return `| ${code(path)} | ${cell(type)} | ${required ? 'yes' : ''} | ${cell(description)} |`;
}

/** The members of a schema and of those within, by their paths; what refers back to itself is named and not followed. */
function rowsOf(
  schema: JsonSchema,
  schemas: PublishedEvents['schemas'],
  within = '',
  through: readonly JsonSchema[] = [],
): Row[] {
  const { properties = {}, required = [] } = merged(schema, schemas);
  return Object.entries(properties).flatMap(([name, given]) => {
    const path = within + name;
    const property = merged(given, schemas);
    const own: Row = [path, typeText(property), required.includes(name), property.description ?? ''];
    if (through.includes(property)) return [own];
    const inside = isSchema(property.items) ? merged(property.items, schemas) : property;
    const below = inside === property ? `${path}.` : `${path}[].`;
    if (through.includes(inside)) return [own];
    return [own, ...rowsOf(inside, schemas, below, [...through, property, inside])];
  });
}

/** What a schema comes to when its reference is followed and null is left aside. */
function merged(schema: JsonSchema, schemas: PublishedEvents['schemas'], depth = 0): JsonSchema {
  if (depth > 8) return {};
  const [, name] = REFERENCE.exec(schema.$ref ?? '') ?? [];
  const target = name !== undefined && Object.hasOwn(schemas, name) ? schemas[name] : undefined;
  if (target && Object.keys(schema).length === 1) return target;
  const alternatives = (schema.anyOf ?? schema.oneOf ?? []).filter(({ type }) => type !== 'null');
  const [only] = schema.allOf?.length === 1 ? schema.allOf : alternatives.length === 1 ? alternatives : [];
  if (only)
    return {
      ...merged(only, schemas, depth + 1),
      ...(schema.description !== undefined && { description: schema.description }),
    };
  return target ? { ...target, ...schema } : schema;
}

function typeText(schema: JsonSchema): string {
  if ('const' in schema) return code(JSON.stringify(schema.const));
  if (schema.enum) return schema.enum.map((value) => code(JSON.stringify(value))).join(' or ');
  const types = [schema.type ?? (schema.properties ? 'object' : 'any')].flat().join(' or ');
  return schema.format === undefined ? types : `${types} (${String(schema.format)})`;
}

function code(text: string): string {
  return `\`${cell(text).replaceAll('`', "'")}\``;
}

/** Text of others on one line of a table. */
function cell(text: string): string {
  return line(text).replaceAll('|', '\\|');
}

function line(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
