import { WebhooksError } from '../shared/webhooks.error';

/** Thrown when a received request does not prove who sent it, or is too old or too new; it never tells a secret. */
export class InvalidSignatureError extends WebhooksError {
  override readonly code = 'WEBHOOKS_INVALID_SIGNATURE';
  override readonly status = 401;
}
