import type { ReceivedHeaders } from './received-request';
import type { MessageToSign } from './signature-scheme';
import type { Carried } from './signed-message';

/** Where in a request the signatures stand, and what stands beside them. */
export abstract class SignatureCarrier {
  /** The header that has the signatures. */
  abstract readonly header: string;
  /** Whether there is room for more than one signature. */
  abstract readonly takesSeveral: boolean;
  /** What goes beside the signatures. */
  abstract carried(message: MessageToSign): Carried;
  abstract write(signatures: readonly string[], carried: Carried): Record<string, string>;
  /** @throws InvalidSignatureError when a header is missing, repeated or malformed */
  abstract read(headers: ReceivedHeaders): Carried & { readonly signatures: readonly string[] };
}
