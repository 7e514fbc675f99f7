import { WebhooksError } from './webhooks.error';

/** Thrown when a secret is stored in a form that this process cannot read; its message never contains the secret. */
export class UnreadableSecretError extends WebhooksError {
  override readonly code = 'WEBHOOKS_UNREADABLE_SECRET';
}
