/**
 * The base of every error that this library throws.
 * `code` is stable across versions; `message` names the thing, the cause and the remedy; `status` is the HTTP status
 * that the management API answers with when the error reaches it.
 */
export class WebhooksError extends Error {
  /** A stable name for this kind of error, such as `WEBHOOKS_UNKNOWN_TOPIC`. */
  readonly code: string = 'WEBHOOKS_ERROR';
  /** The HTTP status that fits the error. */
  readonly status: number = 500;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** Thrown at boot when an option or a registration is wrong. */
export class WebhooksConfigurationError extends WebhooksError {
  override readonly code = 'WEBHOOKS_CONFIGURATION';
}
