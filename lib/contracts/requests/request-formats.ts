import { WebhooksError } from '../../shared/webhooks.error';
import { expandForm } from './expanded-form';
import { MalformedBodyError } from '../problem';
import { isRecord } from '../rules';

/** A body as an HTTP adapter hands it over. */
export interface IncomingBody {
  readonly contentType: string | undefined;
  readonly body: unknown;
  /** The bytes as they came, where the host keeps them. */
  readonly rawBody?: Buffer;
  /** How many bytes came, where the caller said so. */
  readonly length?: number;
}

/** What a contract takes as the body of a request. */
export interface RequestFormat {
  /** For the documentation. */
  readonly contentType: string;
  /** Whether every value comes as text. */
  readonly textual: boolean;
  /** @throws UnsupportedMediaTypeError, MalformedBodyError */
  read(incoming: IncomingBody): unknown;
}

/** Thrown when a body is of another content type than the contract takes. */
export class UnsupportedMediaTypeError extends WebhooksError {
  override readonly code = 'WEBHOOKS_UNSUPPORTED_MEDIA_TYPE';
  override readonly status = 415;

  constructor(
    readonly contentType: string | undefined,
    expected: string,
  ) {
    const got = contentType === undefined ? 'no content type' : JSON.stringify(contentType);
    super(`Expected a body of the content type "${expected}", got ${got}.`);
  }
}

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';
const NOT_JSON = 'The body is not JSON.';

/** JSON that says so. */
export const json: RequestFormat = {
  contentType: JSON_TYPE,
  textual: false,
  read: (incoming) => {
    assertType(incoming, JSON_TYPE);
    // Fastify refuses an empty body by itself; Express takes it for an empty object.
    return structureIn(incoming.length === 0 ? undefined : incoming.body);
  },
};

/** A form, with `list[]`, `list[0]` and `record[key]`. */
export const form: RequestFormat = {
  contentType: FORM_TYPE,
  textual: true,
  read: (incoming) => {
    assertType(incoming, FORM_TYPE);
    return expandForm(incoming.body);
  },
};

/**
 * JSON, also where the caller named no type and curl therefore called it a form. A host that keeps the bytes of bodies
 * (`rawBody: true`) takes all such; of another, those that its parser of forms has left as they were.
 */
export const jsonOrCalledForm: RequestFormat = {
  contentType: JSON_TYPE,
  textual: false,
  read: (incoming) => (isOfType(incoming, FORM_TYPE) ? jsonInForm(incoming) : json.read(incoming)),
};

function assertType(incoming: IncomingBody, type: string): void {
  if (!isOfType(incoming, type)) throw new UnsupportedMediaTypeError(incoming.contentType, type);
}

function isOfType({ contentType = '' }: IncomingBody, type: string): boolean {
  return contentType.split(';')[0]!.trim().toLowerCase() === type;
}

function jsonInForm({ body, rawBody, length }: IncomingBody): unknown {
  if (rawBody) return structureIn(parsed(rawBody.toString()));
  const text = textOfForm(body);
  const structure = structureIn(parsed(text));
  if (Buffer.byteLength(text) === length && !hasSpace(structure)) return structure;
  throw new MalformedBodyError(`The body is JSON and its content type is not: send it as "${JSON_TYPE}".`);
}

/** The text as it was, unless the parser has decoded or dropped some of it; then it is shorter, or has other spaces. */
function textOfForm(body: unknown): string {
  const parts = isRecord(body) ? Object.entries(body) : [];
  return parts.map(([key, value]) => (value === '' ? key : `${key}=${textOf(value)}`)).join('&');
}

/** An object that was made of a name such as `a[toString]` has no text, and must not be asked for it. */
function textOf(value: unknown): string {
  const texts = [value].flat();
  return texts.every((text) => typeof text === 'string') ? texts.join(',') : '';
}

/** A space inside a text may have been a plus. */
function hasSpace(structure: object): boolean {
  return JSON.stringify(structure).includes(' ');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new MalformedBodyError(NOT_JSON);
  }
}

/** Express parses no bare text, number or null, and hands over no body as undefined; Fastify does it the other way round. */
function structureIn(body: unknown): object {
  if (body === undefined) throw new MalformedBodyError('The body is empty.');
  if (typeof body !== 'object' || body === null) throw new MalformedBodyError(NOT_JSON);
  return body;
}
