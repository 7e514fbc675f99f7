import { isDeepStrictEqual } from 'node:util';
import { withExampleLists } from '../schemas/openapi-dialect';
import { mapSubschemas, without, type JsonSchema } from '../topics/json-schema';

const HERE = '#/components/schemas/';

/** The schemas of a document, each once under a name of its own, with the definitions of each beside it. */
export class NamedSchemas {
  private readonly schemas: Map<string, JsonSchema>;

  /** @param taken those that the document has already */
  constructor(taken: Readonly<Record<string, JsonSchema>> = {}) {
    this.schemas = new Map(Object.entries(taken));
  }

  /** Adds a schema, under another name where a different one has it; answers a reference to it. */
  add(wanted: string, schema: JsonSchema): JsonSchema {
    const { $defs, definitions } = schema as JsonSchema & { definitions?: JsonSchema['$defs'] };
    const root = without(schema, '$defs', 'definitions', '$schema');
    const parts = new Map([['#', root], ...entriesOf('$defs', $defs), ...entriesOf('definitions', definitions)]);
    const wantedNames = new Map([...parts.keys()].map((path) => [path, nameAt(path, wanted)]));
    const names = this.fitting(parts, wantedNames) ?? this.fresh(wantedNames, wanted);
    for (const [path, part] of parts) {
      const name = names.get(path)!;
      if (!this.schemas.has(name)) this.schemas.set(name, pointed(part, names));
    }
    return { $ref: HERE + names.get('#')! };
  }

  all(): Record<string, JsonSchema> {
    return Object.fromEntries([...this.schemas].sort(([one], [other]) => (one < other ? -1 : 1)));
  }

  /** The wanted names, where nothing else has them; what is the same may be shared. */
  private fitting(
    parts: ReadonlyMap<string, JsonSchema>,
    names: ReadonlyMap<string, string>,
  ): ReadonlyMap<string, string> | undefined {
    if (new Set(names.values()).size < names.size) return undefined;
    const fits = ([path, part]: [string, JsonSchema]) => {
      const there = this.schemas.get(names.get(path)!);
      return there === undefined || isDeepStrictEqual(withExampleLists(there), withExampleLists(pointed(part, names)));
    };
    return [...parts].every(fits) ? names : undefined;
  }

  private fresh(names: ReadonlyMap<string, string>, root: string): ReadonlyMap<string, string> {
    const taken = new Set(this.schemas.keys());
    const own = [...names].map(([path, name]): [string, string] => {
      const base = path === '#' ? `Webhook${name}` : `${root}${name}`;
      let free = base;
      for (let count = 2; taken.has(free); count++) free = `${base}${count}`;
      taken.add(free);
      return [path, free];
    });
    return new Map(own);
  }
}

function entriesOf(keyword: string, definitions: JsonSchema['$defs'] = {}): [string, JsonSchema][] {
  return Object.entries(definitions).map(([name, schema]) => [`#/${keyword}/${escaped(name)}`, schema]);
}

function nameAt(path: string, root: string): string {
  return path === '#' ? root : path.split('/')[2]!.replace(/~1|~0|[^\w.-]/g, '_');
}

/** A schema whose references within itself lead to where its parts are now. */
function pointed(schema: JsonSchema, names: ReadonlyMap<string, string>): JsonSchema {
  const changed = mapSubschemas(schema, (each) => pointed(each, names));
  // What leads into the document already is where it has to be.
  if (typeof changed.$ref !== 'string' || changed.$ref.startsWith(HERE)) return changed;
  const [path] = /^#(\/(\$defs|definitions)\/[^/]+)?/.exec(changed.$ref) ?? [];
  const name = path === undefined ? undefined : names.get(path);
  return name === undefined ? changed : { ...changed, $ref: HERE + name + changed.$ref.slice(path!.length) };
}

/** As JSON Pointers write it. */
function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
