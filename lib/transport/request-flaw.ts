import { validateHeaderName, validateHeaderValue } from 'node:http';
import { urlFrom } from '../shared/url';
import type { Failure } from './failure';
import type { OutgoingRequest } from './transport';

const methods = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']);

/** They frame the message or choose its receiver: one that contradicts the body or the URL is how requests are smuggled. */
const reserved = new Set(
  'connection content-length expect host keep-alive proxy-connection te trailer transfer-encoding upgrade'.split(' '),
);

/** What is wrong with a request apart from its URL; undefined when nothing is. */
export function flawOf(request: OutgoingRequest): Failure | undefined {
  if (!methods.has(request.method)) return flaw(`Requests cannot be made with the method ${quote(request.method)}.`);
  if (!(request.timeoutMs > 0)) return flaw(`Expected timeoutMs to be more than 0, got ${request.timeoutMs}.`);
  if (request.tls && !isSecure(request.url)) return flaw('A client certificate needs a URL that begins with https://.');
  return headersFlaw(request.headers);
}

function headersFlaw(headers: OutgoingRequest['headers']): Failure | undefined {
  const seen = new Set<string>();
  for (const [name, value] of Object.entries(headers)) {
    const lowerCase = name.toLowerCase();
    if (reserved.has(lowerCase)) return flaw(`The header ${quote(name)} is the transport's own.`);
    if (seen.has(lowerCase)) return flaw(`The header ${quote(name)} is given twice.`);
    if (!isValid(name, value)) return flaw(`The header ${quote(name)} has characters that HTTP does not allow.`);
    seen.add(lowerCase);
  }
  return undefined;
}

function isSecure(url: string): boolean {
  return urlFrom(url)?.protocol === 'https:';
}

function isValid(name: string, value: string): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}

function flaw(detail: string): Failure {
  return { failure: 'invalid_request', detail };
}

function quote(text: string): string {
  return JSON.stringify(text);
}
