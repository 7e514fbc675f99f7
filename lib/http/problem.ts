import { STATUS_CODES } from 'node:http';
import { HttpException } from '@nestjs/common';
import type { ProblemView } from '../contracts/standard/problem.view';
import { WebhooksError } from '../shared/webhooks.error';
import { InvalidSubscriptionError } from '../subscriptions/subscriptions.service';
import { InvalidRequestError } from './request-validation';

const SILENT_DETAIL = "The request could not be handled. The server's log says why.";

/** What a caller is told of an error, as RFC 9457 writes it. What nobody meant for callers stays with us. */
export function problemOf(error: unknown): ProblemView {
  if (error instanceof WebhooksError && error.status < 500) return problemOfWebhooksError(error);
  if (error instanceof HttpException) return problem(error.getStatus(), detailOf(error));
  if (isClientError(error)) return problem(error.statusCode, error.message);
  return problem(500, SILENT_DETAIL);
}

/** Whether somebody threw the error to have it answered, so that it says all there is to say. */
export function isMeantForCallers(error: unknown): boolean {
  return error instanceof HttpException || problemOf(error).status < 500;
}

function problemOfWebhooksError(error: WebhooksError): ProblemView {
  const told = { ...problem(error.status, error.message), code: error.code };
  const objects = error instanceof InvalidRequestError || error instanceof InvalidSubscriptionError;
  return objects ? { ...told, errors: error.objections } : told;
}

function problem(status: number, detail: string): ProblemView {
  return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail };
}

/** An exception of the host's may have its messages as a list. */
function detailOf(error: HttpException): string {
  const response = error.getResponse();
  const messages = typeof response === 'object' && 'message' in response ? response.message : error.message;
  return Array.isArray(messages) ? messages.join('; ') : String(messages);
}

/** Fastify's plugins and the `http-errors` package throw such, in guards too. */
function isClientError(error: unknown): error is Error & { readonly statusCode: number } {
  if (!(error instanceof Error) || !('statusCode' in error)) return false;
  return typeof error.statusCode === 'number' && error.statusCode >= 400 && error.statusCode < 500;
}
