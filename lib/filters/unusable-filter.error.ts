import { WebhooksError } from '../shared/webhooks.error';

/** Thrown when a filter is not what filters have to be; its message says where and why. */
export class UnusableFilterError extends WebhooksError {
  override readonly code = 'WEBHOOKS_UNUSABLE_FILTER';
  override readonly status = 422;

  constructor(path: string, expectation: string) {
    super(path === '' ? expectation : `at ${path}: ${expectation}`);
  }
}
