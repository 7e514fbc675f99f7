import { apiProperty, apiSchema } from '../generated/openapi';

/** One field of a request that is wrong. */
@apiSchema('WebhookFieldProblem')
export class FieldProblemView {
  @apiProperty({ type: String, example: 'url' })
  readonly field!: string;

  @apiProperty({ type: String })
  readonly message!: string;
}

/** Why a request was refused, as RFC 9457 writes it. */
@apiSchema('WebhookProblem')
export class ProblemView {
  @apiProperty({ type: String, description: 'Always "about:blank": `code` says which kind of problem it is.' })
  readonly type!: 'about:blank';

  @apiProperty({ type: String, description: 'The name of the HTTP status.', example: 'Not Found' })
  readonly title!: string;

  @apiProperty({ type: 'integer', description: 'The HTTP status.', example: 404 })
  readonly status!: number;

  @apiProperty({ type: String, description: 'What is wrong, in words.' })
  readonly detail!: string;

  @apiProperty({ type: String, required: false, example: 'WEBHOOKS_SUBSCRIPTION_NOT_FOUND' })
  readonly code?: string;

  @apiProperty({ type: FieldProblemView, isArray: true, required: false, description: 'Which fields are wrong.' })
  readonly errors?: readonly FieldProblemView[];
}
