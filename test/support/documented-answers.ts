import type { OpenAPIObject } from '@nestjs/swagger';
import Ajv from 'ajv';

/** An answer over HTTP; where there is no body, it is null. */
interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/**
 * Makes sure that answers have a documented status and a body of its schema, with no property that is not in it.
 * @returns takes a route such as `GET /webhooks/?page=2` and what it answered
 */
export function checkerOf(document: OpenAPIObject): (route: string, answer: Answered) => void {
  const ajv = new Ajv({ nullable: true, allErrors: true, unknownFormats: 'ignore' });
  const components = JSON.parse(JSON.stringify(document.components), (_, value: unknown) => closed(value)) as object;
  return (route, { status, body, headers }) => {
    const { responses } = operationOf(document, route);
    expect(Object.keys(responses)).toContain(String(status));
    const { content } = responses[status]!;
    expect(content === undefined).toBe(body === null);
    if (!content) return;
    const [[type, { schema }]] = Object.entries(content) as [[string, { schema: object }]];
    expect(headers.get('content-type')).toContain(type);
    const validate = ajv.compile({ ...schema, components });
    void validate(body);
    expect({ route, status, errors: validate.errors, body }).toEqual({ route, status, errors: null, body });
  };
}

function closed(value: unknown): unknown {
  const schema = value as { type?: string; properties?: object } | null;
  return schema?.type === 'object' && schema.properties ? { additionalProperties: false, ...schema } : value;
}

type Responses = Record<string, { content?: Record<string, { schema: object }> }>;

function operationOf(document: OpenAPIObject, route: string): { responses: Responses } {
  const [method, path] = route.split(/[ ?]/) as [string, string];
  const found = Object.entries(document.paths).filter(([template]) =>
    new RegExp(`^${template.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+')}$`).test(path),
  );
  const [[, item]] = found.sort(([one], [other]) => one.split('{').length - other.split('{').length) as [
    [string, object],
  ];
  return (item as Record<string, { responses: Responses }>)[method.toLowerCase()]!;
}
