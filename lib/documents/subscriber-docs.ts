import { isSchema, type JsonSchema } from '../topics/json-schema';
import { schemaBehind, type PublishedEvents, type PublishedEventType } from './published-events';

/** How far schemas within schemas are followed. */
const DEEPEST = 12;

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

/** The members of a schema and of those within, by their paths; what contains itself is named and not followed. */
function rowsOf(
  schema: JsonSchema,
  schemas: PublishedEvents['schemas'],
  within = '',
  through: readonly string[] = [],
): Row[] {
  const whole = resolved(schema, schemas);
  const names = [...through, ...whole.names];
  const { properties = {}, required = [] } = whole.schema;
  return Object.entries(properties).flatMap(([name, given]) => {
    const path = within + name;
    const { schema: property, names: own } = resolved(given, schemas);
    const row: Row = [path, typeText(property), required.includes(name), property.description ?? ''];
    const inside = isSchema(property.items) ? property.items : property;
    const listed = inside !== property;
    const led = [...own, ...(listed ? resolved(inside, schemas).names : [])];
    if (led.some((each) => names.includes(each)) || names.length > DEEPEST) return [row];
    return [row, ...rowsOf(inside, schemas, `${path}${listed ? '[]' : ''}.`, [...names, ...own])];
  });
}

interface Resolved {
  readonly schema: JsonSchema;
  /** The names of the schemas that were gone through. */
  readonly names: readonly string[];
}

/** What a schema comes to when its reference is followed and null is left aside. */
function resolved(schema: JsonSchema, schemas: PublishedEvents['schemas'], names: readonly string[] = []): Resolved {
  const next = soleReference(schema);
  if (next === undefined || names.length > DEEPEST) return { schema, names };
  const name = schemaBehind(next.$ref, schemas);
  if (next.$ref !== undefined && (name === undefined || names.includes(name))) return { schema: {}, names };
  const said = typeof schema.description === 'string' ? { description: schema.description } : {};
  const followed =
    name === undefined ? resolved(next, schemas, names) : resolved(schemas[name]!, schemas, [...names, name]);
  return { schema: { ...followed.schema, ...said }, names: followed.names };
}

/** What a schema stands for, where it is nothing but that: a reference, or one alternative to null. */
function soleReference(schema: JsonSchema): JsonSchema | undefined {
  if (typeof schema.$ref === 'string') return schema;
  const alternatives = [schema.anyOf, schema.oneOf].find(Array.isArray) ?? [];
  const others = (alternatives as readonly JsonSchema[]).filter((each) => isSchema(each) && each.type !== 'null');
  const [only] = schema.allOf?.length === 1 ? schema.allOf : others.length === 1 ? others : [];
  return isSchema(only) ? only : undefined;
}

function typeText(schema: JsonSchema): string {
  if ('const' in schema) return code(JSON.stringify(schema.const));
  if (schema.enum) return schema.enum.map((value) => code(JSON.stringify(value))).join(' or ');
  const types = [schema.type ?? (schema.properties ? 'object' : 'any')].flat().join(' or ');
  return typeof schema.format === 'string' ? `${types} (${schema.format})` : types;
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
