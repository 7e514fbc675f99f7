/** The type of the body that asks an endpoint to show that it belongs to whoever subscribed it. */
export const CHALLENGE_TYPE = 'webhook.challenge';

/** The headers of CloudEvents' validation (HTTP 1.1 Web Hooks for Event Delivery, section 4). */
export const VALIDATION_HEADERS = {
  requestOrigin: 'WebHook-Request-Origin',
  requestRate: 'WebHook-Request-Rate',
  allowedOrigin: 'WebHook-Allowed-Origin',
  allowedRate: 'WebHook-Allowed-Rate',
} as const;
