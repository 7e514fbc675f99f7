import { WebhooksError } from '../shared/webhooks.error';
import { expandForm } from './forms';
import { MalformedBodyError } from './problem';
import { isRecord } from './rules';

/** A body as an HTTP adapter hands it over. */
export interface IncomingBody {
  readonly contentType: string | undefined;
  readonly body: unknown;
  /** The bytes as they came, where the host keeps them. */
  readonly rawBody?: Buffer;
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

/** JSON that says so. */
export const json: RequestFormat = {
  contentType: JSON_TYPE,
  textual: false,
  read: (incoming) => {
    assertType(incoming, JSON_TYPE);
    return incoming.body;
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

/** JSON, also where the caller named no type and curl therefore called it a form. */
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

/** The text as it was, put together from what a parser of forms made of it where the host keeps no bytes. */
function jsonInForm({ body, rawBody }: IncomingBody): unknown {
  const parts = isRecord(body) ? Object.entries(body) : [];
  const text =
    rawBody?.toString() ?? parts.map(([key, value]) => (value === '' ? key : `${key}=${String(value)}`)).join('&');
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new MalformedBodyError('The body is not JSON.');
  }
}
