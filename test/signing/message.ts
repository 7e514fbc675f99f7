import type { MessageToSign, ReceivedRequest, SignatureScheme } from '../../lib/receiver';

export const NOW = 1_700_000_000_000;

/** One attempt, made now. */
export const MESSAGE: MessageToSign = {
  id: 'evt_1',
  timestamp: NOW / 1000,
  method: 'POST',
  url: 'https://example.com/hook',
  body: '{"id":1}',
};

/** The message as it arrives when the scheme has signed it. */
export function sent(scheme: SignatureScheme, secrets: string[], over: Partial<MessageToSign> = {}): ReceivedRequest {
  const message = { ...MESSAGE, ...over };
  const { method, url, body } = message;
  return { headers: scheme.sign(message, secrets), method, url, body };
}
