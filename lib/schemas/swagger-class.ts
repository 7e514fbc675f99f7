import { fromOpenApi, withExampleLists, withOwnDefinitions } from './openapi-dialect';
import type { JsonSchema } from '../topics/json-schema';
import type { PayloadType } from '../topics/topic';

/** What is used of `@nestjs/swagger`; it has `generateSchema` since 11.3, and is not always there. */
interface Swagger {
  generateSchema?(type: PayloadType<object>): { readonly schemas: Record<string, JsonSchema> };
}

/** What `@ApiProperty` says of a class, nested classes among its definitions; undefined where it says nothing. */
export function swaggerSchema(type: PayloadType<object>): JsonSchema | undefined {
  const described = loadSwagger()?.generateSchema?.(type).schemas ?? {};
  // The class itself comes last, after those that it refers to; it may have another name than the class.
  const [name, schema] = Object.entries(described).at(-1) ?? [];
  if (schema === undefined || Object.keys(schema.properties ?? {}).length === 0) return undefined;
  const translated = (each: JsonSchema) => withExampleLists(withOwnDefinitions(fromOpenApi(each)));
  const others = Object.entries(described).map(([each, its]) => [each, translated(its)] as const);
  const referred = JSON.stringify(others).includes(JSON.stringify(`#/$defs/${name}`));
  const definitions = Object.fromEntries(others.filter(([each]) => referred || each !== name));
  return { ...translated(schema), ...(Object.keys(definitions).length > 0 && { $defs: definitions }) };
}

function loadSwagger(): Swagger | undefined {
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import could not be absent
    return require('@nestjs/swagger') as Swagger;
  } catch {
    return undefined;
  }
}
