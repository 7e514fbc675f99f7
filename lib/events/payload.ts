import { WebhooksError } from '../shared/webhooks.error';

/** Thrown when a payload has no JSON form. */
export class PayloadNotJsonError extends WebhooksError {
  override readonly code = 'WEBHOOKS_PAYLOAD_NOT_JSON';
  override readonly status = 422;
}

/** Thrown when a payload's JSON text is longer than the limit. */
export class PayloadTooLargeError extends WebhooksError {
  override readonly code = 'WEBHOOKS_PAYLOAD_TOO_LARGE';
  override readonly status = 413;
}

/**
 * A payload as JSON text.
 * @throws PayloadNotJsonError, PayloadTooLargeError
 */
export function payloadText(topic: string, payload: unknown, limitBytes: number): string {
  const text = toJson(topic, payload);
  const bytes = Buffer.byteLength(text);
  if (bytes <= limitBytes) return text;
  throw new PayloadTooLargeError(
    `The payload of "${topic}" is ${bytes} bytes of JSON; at most ${limitBytes} are accepted. ` +
      `Send less (an id and a link), or raise the option payloadLimitBytes.`,
  );
}

function toJson(topic: string, payload: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(payload);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    throw new PayloadNotJsonError(`The payload of "${topic}" cannot be written as JSON: ${why}.`, { cause });
  }
  if (text !== undefined) return text;
  throw new PayloadNotJsonError(`The payload of "${topic}" is ${typeof payload}, which JSON cannot express.`);
}
