import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { isMeantForCallers, problemOf } from './problem';

/** Answers every error of the management routes as `application/problem+json`. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('WebhooksManagement');

  constructor(private readonly adapterHost: HttpAdapterHost) {}

  catch(error: unknown, host: ArgumentsHost): void {
    if (!isMeantForCallers(error)) this.logger.error(stackOf(error));
    const adapter = this.adapterHost.httpAdapter;
    const response = host.switchToHttp().getResponse<unknown>();
    if (adapter.isHeadersSent(response)) return;
    const problem = problemOf(error);
    adapter.setHeader(response, 'content-type', 'application/problem+json');
    // As text: Nest's Express adapter takes no other type than application/json for an object.
    adapter.reply(response, JSON.stringify(problem), problem.status);
  }
}

/** Only the stack: an error of a database carries its statement's parameters, and so secrets. */
function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
