/** A piece of JSON that goes into a body as it is: parsing and writing it again could change its bytes. */
export class JsonText {
  constructor(readonly text: string) {}
}

/** A body as it goes out: text as it is, and everything else as JSON. */
export function outgoingText(body: unknown): string {
  return typeof body === 'string' ? body : jsonOf(body);
}

/** What `JSON.stringify` writes, with every {@link JsonText} as it is. */
export function jsonOf(value: unknown): string {
  if (value instanceof JsonText) return value.text;
  if (Array.isArray(value)) return `[${value.map((each) => jsonOf(each ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null || 'toJSON' in value) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value).filter(([, each]) => each !== undefined);
  return `{${members.map(([key, each]) => `${JSON.stringify(key)}:${jsonOf(each)}`).join(',')}}`;
}
