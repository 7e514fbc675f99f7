import { applyDecorators, type Type } from '@nestjs/common';

/** A schema as OpenAPI writes it, or a class that was described with {@link apiProperty}. */
export interface ApiSchemaDescription {
  readonly type?: Type | 'string' | 'integer' | 'boolean' | 'object' | 'array';
  readonly description?: string;
  readonly required?: boolean;
  /** Which members it has to have, where it is an object that is described on the spot. */
  readonly requiredMembers?: readonly string[];
  readonly [detail: string]: unknown;
}

/** What is used of `@nestjs/swagger`: its own types must not be needed where it is not installed. */
interface Swagger {
  ApiBody(options: object): MethodDecorator;
  ApiConsumes(contentType: string): MethodDecorator;
  ApiExcludeEndpoint(): MethodDecorator;
  ApiExtraModels(...models: Type[]): MethodDecorator;
  ApiOperation(options: object): MethodDecorator;
  ApiParam(options: object): MethodDecorator;
  ApiProperty(options: object): PropertyDecorator;
  ApiQuery(options: object): MethodDecorator;
  ApiResponse(options: object): MethodDecorator;
  ApiSchema(options: object): ClassDecorator;
  ApiTags(...tags: string[]): ClassDecorator;
  getSchemaPath(model: Type): string;
}

const swagger = loadSwagger();
const undocumented = () => undefined;

// By prototype and name: asked for a whole class, swagger's ApiQuery forgets the enums.
const propertiesOf = new WeakMap<object, Map<string | symbol, ApiSchemaDescription>>();

/** Describes a property in the host's OpenAPI document; like all here, does nothing without `@nestjs/swagger`. */
export function apiProperty(description: ApiSchemaDescription): PropertyDecorator {
  return (prototype, name) => {
    propertiesOf.set(prototype, new Map(propertiesOf.get(prototype)).set(name, description));
    swagger?.ApiProperty(asSwaggerHasIt(description))(prototype, name);
  };
}

/** Names a class's schema; the host's own classes share the namespace. */
export function apiSchema(name: string): ClassDecorator {
  return swagger?.ApiSchema({ name }) ?? undocumented;
}

/** Puts a controller's routes under a heading. */
export function apiTag(name: string): ClassDecorator {
  return swagger?.ApiTags(name) ?? undocumented;
}

/** Describes a route. */
export function apiOperation(description: object): MethodDecorator {
  return swagger?.ApiOperation(description) ?? undocumented;
}

/** Describes a text in the path of a route. */
export function apiPathParameter(name: string): MethodDecorator {
  return swagger?.ApiParam({ name, type: String }) ?? undocumented;
}

/** Describes what may be asked in the query of a route: each property of a class. */
export function apiQuery(model: Type): MethodDecorator {
  const properties = [...(propertiesOf.get(model.prototype as object) ?? [])];
  return applyDecorators(
    ...properties.map(([name, description]) => swagger?.ApiQuery({ name, ...description }) ?? undocumented),
  );
}

/** Describes the body that a route takes. */
export function apiBody(description: object): MethodDecorator {
  return swagger?.ApiBody(description) ?? undocumented;
}

/** Says of which content type bodies are. */
export function apiConsumes(contentType: string): MethodDecorator {
  return swagger?.ApiConsumes(contentType) ?? undocumented;
}

/** Keeps a route out of the document. */
export function apiExcluded(): MethodDecorator {
  return swagger?.ApiExcludeEndpoint() ?? undocumented;
}

/** Describes one answer of a route. */
export function apiResponse(description: object): MethodDecorator {
  return swagger?.ApiResponse(description) ?? undocumented;
}

/** Brings in a class that a route only refers to with {@link schemaOf}. */
export function apiModel(model: Type): MethodDecorator {
  return swagger?.ApiExtraModels(model) ?? undocumented;
}

/** A reference to a class's schema. */
export function schemaOf(model: Type): object {
  return { $ref: swagger?.getSchemaPath(model) };
}

/** The schema of an object that has all of these members. */
export function objectSchema(properties: Readonly<Record<string, object>>): object {
  return { type: 'object', required: Object.keys(properties), properties };
}

/** The schema of a list. */
export function listSchema(items: object): object {
  return { type: 'array', items };
}

/** Where `required` is a list, it is about the members, and another word says it of the property. */
function asSwaggerHasIt({ requiredMembers, ...description }: ApiSchemaDescription): object {
  if (!requiredMembers) return description;
  return { ...description, required: [...requiredMembers], selfRequired: description.required ?? true };
}

function loadSwagger(): Swagger | undefined {
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import could not be absent
    return require('@nestjs/swagger') as Swagger;
  } catch {
    // Absent, or broken: then the host's own import of it says so.
    return undefined;
  }
}
